"""Extraction of the flow of whole videos into flow files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from triad.modalities.extraction import FileSummary
from triad.modalities.flow.estimators import FlowEstimator, VideoFlow
from triad.modalities.flow.storage.field_codec import LIMIT, STEP
from triad.modalities.flow.storage.flow_file import FORMAT, FlowFile, FlowWriter
from triad.modalities.stopwatch import Stopwatch

MAX_BYTES = 1 << 27
"""Bytes of the fields that are in memory at once: of a chunk of high definition it would be half a gigabyte."""
BATCH = 8
"""Pairs that networks take at once."""


class FlowFiles:
    """Files of a stream of flow, see :class:`triad.modalities.extraction.StreamFiles`.

    Args:
        stream: name of the stream.
    """

    modality = "flow"
    suffix = ".flow"
    length_offset = 1  # N frames have N−1 fields

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def describe(self, path: Path) -> FileSummary:
        """Return the summary of a file from its last bytes; it counts the components that were too large to store.

        Raises:
            InputError: If the file is damaged.
        """
        file = FlowFile(path)
        return FileSummary(file.num, file.provenance, {"clipped": file.clipped})

    def verify(self, path: Path) -> None:
        """Read all of a file.

        Raises:
            InputError: If it is damaged.
        """
        FlowFile(path).verify()


class FlowExtractor(FlowFiles):
    """Extractor of flow with an estimator, see :class:`triad.modalities.extraction.Extractor`.

    Args:
        estimator: estimator of the flow.
    """

    def __init__(self, estimator: FlowEstimator) -> None:
        super().__init__(f"flow_{estimator.name}")
        self.estimator = estimator
        self._lock = Lock()  # estimators keep buffers; videos that share one take turns

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.estimator.provenance, "stored": {"format": FORMAT, "step": STEP, "limit": LIMIT}}

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_FlowSink]:
        with FlowWriter(path, provenance=provenance) as writer:
            yield _FlowSink(self._open_estimator(), writer, watch)

    def _open_estimator(self) -> VideoFlow:
        estimate = self.estimator.open()

        def estimate_in_turn(frames: np.ndarray) -> np.ndarray:
            with self._lock:
                return estimate(frames)

        return estimate_in_turn


class _FlowSink:
    """Sink that keeps the last frame of a chunk, because flow leads from it to the next."""

    def __init__(self, estimate: VideoFlow, writer: FlowWriter, watch: Stopwatch) -> None:
        self.estimate = estimate
        self.writer = writer
        self.watch = watch
        self.last_frame: np.ndarray | None = None

    def add(self, frames: np.ndarray) -> None:
        pairs = pairs_at_once(frames.shape[1], frames.shape[2])
        begin = 0
        while begin < len(frames):
            chunk = frames[begin : begin + pairs + (self.last_frame is None)]
            begin += len(chunk)
            consecutive = chunk if self.last_frame is None else np.concatenate([self.last_frame, chunk])
            if len(consecutive) > 1:
                with self.watch("flow"):
                    fields = self.estimate(consecutive)
                with self.watch("write"):
                    self.writer.add(fields)
            self.last_frame = chunk[-1:].copy()


def pairs_at_once(height: int, width: int) -> int:
    """Return the number of pairs whose fields take at most ``MAX_BYTES``, a multiple of ``BATCH``, at least one."""
    return max(MAX_BYTES // (height * width * 8) // BATCH, 1) * BATCH
