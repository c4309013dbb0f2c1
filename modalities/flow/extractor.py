"""Flow of a whole video into one flow file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from modalities.flow.codec import FORMAT, LIMIT, STEP, FlowFile, FlowWriter
from modalities.flow.estimator import FlowEstimator


class FlowExtractor:
    """An estimator as an extractor, see :class:`modalities.extraction.Extractor`.

    Args:
        estimator: makes the flow.
    """

    suffix = ".flow"

    def __init__(self, estimator: FlowEstimator) -> None:
        self.estimator = estimator
        self.stream = f"flow_{estimator.name}"

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.estimator.provenance, "stored": {"format": FORMAT, "step": STEP, "limit": LIMIT}}

    @contextmanager
    def open(self, path: Path) -> Iterator[_FlowSink]:
        with FlowWriter(path) as writer:
            yield _FlowSink(self.estimator, writer)

    def describe(self, path: Path) -> dict[str, Any]:
        """Number of fields, and of components that were too large to store.

        Raises:
            InputError: if the file is damaged.
        """
        file = FlowFile(path)
        return {"num": file.num, "clipped": file.clipped}


class _FlowSink:
    """Keeps the last frame of a chunk, because flow leads from it to the next."""

    def __init__(self, estimator: FlowEstimator, writer: FlowWriter) -> None:
        self.estimator, self.writer = estimator, writer
        self.last: np.ndarray | None = None

    def add(self, frames: np.ndarray) -> None:
        joined = frames if self.last is None else np.concatenate([self.last, frames])
        if len(joined) > 1:
            self.writer.add(self.estimator(joined))
        self.last = joined[-1:].copy()
