"""Flow of a whole video into one flow file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from modalities.extraction.interfaces import FileSummary
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow.codec import FORMAT, FlowFile, FlowWriter
from modalities.flow.estimator import FlowEstimator, FlowOfVideo
from modalities.flow.field_codec import LIMIT, STEP

FIELDS = 1 << 27
"""Bytes of the fields that are in memory at once: of a chunk of high definition it would be half a gigabyte."""
BATCH = 8


class FlowFiles:
    """The files of a stream of flow, see :class:`modalities.extraction.StreamFiles`.

    Args:
        stream: name of the stream.
    """

    modality = "flow"
    suffix = ".flow"
    lag = 1  # N frames have N−1 fields

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def describe(self, path: Path) -> FileSummary:
        """What a file holds, from its last bytes; counts the components that were too large to store.

        Raises:
            InputError: if the file is damaged.
        """
        file = FlowFile(path)
        return FileSummary(file.num, file.provenance, {"clipped": file.clipped})

    def verify(self, path: Path) -> None:
        """Read all of a file.

        Raises:
            InputError: if it is damaged.
        """
        FlowFile(path).verify()


class FlowExtractor(FlowFiles):
    """An estimator as an extractor, see :class:`modalities.extraction.Extractor`.

    Args:
        estimator: makes the flow.
    """

    def __init__(self, estimator: FlowEstimator) -> None:
        super().__init__(f"flow_{estimator.name}")
        self.estimator = estimator

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.estimator.provenance, "stored": {"format": FORMAT, "step": STEP, "limit": LIMIT}}

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_FlowSink]:
        with FlowWriter(path, provenance=provenance) as writer:
            yield _FlowSink(self.estimator.open(), writer, watch)


class _FlowSink:
    """Keeps the last frame of a chunk, because flow leads from it to the next."""

    def __init__(self, flow: FlowOfVideo, writer: FlowWriter, watch: Stopwatch) -> None:
        self.flow, self.writer, self.watch = flow, writer, watch
        self.last: np.ndarray | None = None

    def add(self, frames: np.ndarray) -> None:
        pairs, begin = pairs_at_once(frames.shape[1], frames.shape[2]), 0
        while begin < len(frames):
            some = frames[begin : begin + pairs + (self.last is None)]
            begin += len(some)
            joined = some if self.last is None else np.concatenate([self.last, some])
            if len(joined) > 1:
                with self.watch("flow"):
                    fields = self.flow(joined)
                with self.watch("write"):
                    self.writer.add(fields)
            self.last = some[-1:].copy()


def pairs_at_once(height: int, width: int) -> int:
    """Pairs whose fields take no more than ``FIELDS``; whole batches of those networks that take several at once."""
    return max(FIELDS // (height * width * 8) // BATCH, 1) * BATCH
