"""What the engine asks of whoever makes files from videos, and what it tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np

from modalities.extraction.stopwatch import Stopwatch


class FileSummary(NamedTuple):
    """What a finished file holds.

    Attributes:
        num: entries.
        provenance: what made it.
        counts: that may be summed over files.
        entry: what the index says of it beside path and clock, as the size of the frames that pixels refer to.
    """

    num: int
    provenance: Mapping[str, Any]
    counts: Mapping[str, int]
    entry: Mapping[str, Any] = MappingProxyType({})


class StreamFiles(Protocol):
    """The files of one stream, one a video.

    Attributes:
        stream: name of the stream, and of the folder of its files.
        modality: of the stream.
        suffix: of its files.
        length_offset: number of entries of a file minus number of frames of its video (−1 for flow).
    """

    stream: str
    modality: str
    suffix: str
    length_offset: int

    def describe(self, path: Path) -> FileSummary:
        """What a finished file holds, without reading all of it; InputError where it is damaged."""
        ...

    def verify(self, path: Path) -> None:
        """Read all of a file; InputError where it is damaged."""
        ...


class Sink(Protocol):
    """Takes the frames of one video, chunk by chunk."""

    def add(self, frames: np.ndarray) -> None:
        """Frames uint8 ``[T, H, W, 3]``, RGB, that follow those of the call before."""
        ...


class Extractor(StreamFiles, Protocol):
    """Makes the files of a stream."""

    @property
    def provenance(self) -> dict[str, Any]:
        """Everything that decides the result: settings, SHA-256 of weights, versions; no dates."""
        ...

    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> AbstractContextManager[Sink]:
        """A sink whose file appears at ``path`` when its ``with`` block ends well, and not otherwise.

        Args:
            path: of the file.
            provenance: to store in it: the extractor's own, and the decoder's.
            watch: is told what the time is spent on.
        """
        ...


@dataclass(frozen=True)
class Task:
    """One video to extract from.

    Args:
        id: names the files, unique.
        video: path of the file.
        num_frames: how many frames the index says it has.
    """

    id: str
    video: Path
    num_frames: int


class Job(NamedTuple):
    """A task, and the streams of it that are to be made."""

    task: Task
    streams: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    Args:
        task: the video.
        errors: the reason of each stream that failed.
        seconds: that each kind of work took.
    """

    task: Task
    errors: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
