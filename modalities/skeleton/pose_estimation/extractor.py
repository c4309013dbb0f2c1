"""Poses of a whole video into one pose file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from modalities.checks import fail
from modalities.extraction.interfaces import FileSummary
from modalities.extraction.stopwatch import Stopwatch
from modalities.skeleton.pose_estimation.assembling import FILLED, assemble
from modalities.skeleton.pose_estimation.interfaces import PoseEstimator, TrackedPoses
from modalities.skeleton.pose_estimation.pose_file import FORMAT, describe_poses, verify_poses, write_poses
from modalities.skeleton.pose_estimation.tracker import Tracker

PERSONS = 4


class PoseFiles:
    """The files of a stream of poses, see :class:`modalities.extraction.StreamFiles`.

    Args:
        stream: name of the stream.
    """

    modality = "skeleton"
    suffix = ".npz"
    length_offset = 0

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def describe(self, path: Path) -> FileSummary:
        """What a file holds; InputError where it is damaged."""
        return describe_poses(path)

    def verify(self, path: Path) -> None:
        """Read all of a file; InputError where it is damaged."""
        verify_poses(path)


class PoseExtractor(PoseFiles):
    """An estimator and a tracker as an extractor, see :class:`modalities.extraction.Extractor`.

    A video in which nobody is seen has a file, too: that is a finding. One person is lost in it all the time, and its
    count ``nobody`` is its number of frames.

    Args:
        estimator: finds people and joints.
        smooth: frames of the smoothing window; none by default.
    """

    def __init__(self, estimator: PoseEstimator, *, smooth: int | None = None) -> None:
        super().__init__(f"pose_{estimator.name}")
        self.estimator, self.smooth = estimator, smooth
        if smooth is not None and (smooth < 5 or smooth % 2 == 0):
            fail("--smooth", "be odd and 5 or more frames", smooth)

    @property
    def provenance(self) -> dict[str, Any]:
        smoothing = None if self.smooth is None else {"method": "savitzky-golay", "window": self.smooth, "order": 2}
        return {
            **self.estimator.provenance,
            "tracking": {**Tracker(self.estimator.layout).provenance, "scipy": scipy.__version__},
            "smoothing": smoothing,
            "stored": {"format": FORMAT, "persons": PERSONS, "filled": f"score × {FILLED}"},
        }

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_PoseSink]:
        sink = _PoseSink(self.estimator, watch)
        yield sink
        found = assemble(sink.seen, layout=self.estimator.layout, persons=PERSONS, smooth=self.smooth)
        write_poses(path, found, size_hw=sink.size_hw, provenance=provenance)


class _PoseSink:
    """Keeps the tracked people of all frames; frames themselves go by."""

    def __init__(self, estimator: PoseEstimator, watch: Stopwatch) -> None:
        self.estimator, self.watch, self.tracker = estimator, watch, Tracker(estimator.layout)
        self.seen: list[TrackedPoses] = []
        self.size_hw = (0, 0)

    def add(self, frames: np.ndarray) -> None:
        self.size_hw = (frames.shape[1], frames.shape[2])
        with self.watch("pose"):
            self.seen += self.tracker(self.estimator(frames))
