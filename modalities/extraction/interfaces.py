"""Interfaces of extractors and their files, and the jobs that the engine gives them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np

from triad.modalities.stopwatch import Stopwatch


class FileSummary(NamedTuple):
    """Summary of a finished file.

    Attributes:
        num: number of entries.
        provenance: description of what made the file.
        counts: numbers that may be summed over files.
        entry: fields of the file in the index besides path and clock, such as the size of the frames that pixels refer
            to.
    """

    num: int
    provenance: Mapping[str, Any]
    counts: Mapping[str, int]
    entry: Mapping[str, Any] = MappingProxyType({})


class StreamFiles(Protocol):
    """Files of one stream, one for each video.

    Attributes:
        stream: name of the stream, and of the folder of its files.
        modality: modality of the stream.
        suffix: suffix of its files.
        length_offset: number of frames of a video minus number of entries of its file (1 for flow).
    """

    stream: str
    modality: str
    suffix: str
    length_offset: int

    def describe(self, path: Path) -> FileSummary:
        """Return the summary of a finished file without reading all of it; raise InputError if it is damaged."""
        ...

    def verify(self, path: Path) -> None:
        """Read all of a file; raise InputError if it is damaged."""
        ...


class Sink(Protocol):
    """Receiver of the frames of one video, chunk by chunk."""

    def add(self, frames: np.ndarray) -> None:
        """Process frames, uint8 ``[T, H, W, 3]``, RGB, that follow those of the call before."""
        ...


class Extractor(StreamFiles, Protocol):
    """Maker of the files of a stream."""

    @property
    def provenance(self) -> dict[str, Any]:
        """Everything that decides the result: settings, SHA-256 of weights, versions; no dates."""
        ...

    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> AbstractContextManager[Sink]:
        """Return a sink whose file appears at ``path`` when its ``with`` block ends well, and not otherwise.

        Args:
            path: path of the file.
            provenance: provenance to store in the file: the extractor's and the decoder's.
            watch: stopwatch for the kinds of work.
        """
        ...


@dataclass(frozen=True)
class Task:
    """Video to extract from.

    Args:
        id: unique name of its files.
        video: path of the video.
        num_frames: number of frames according to the index.
    """

    id: str
    video: Path
    num_frames: int


class Job(NamedTuple):
    """Task, and the streams that are to be made of it."""

    task: Task
    streams: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """Result of a job.

    Args:
        task: task of the job.
        errors: reason of the failure by stream, for the streams that failed.
        seconds: seconds by kind of work.
    """

    task: Task
    errors: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
