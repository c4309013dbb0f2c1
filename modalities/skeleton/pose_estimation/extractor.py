"""Extractor of poses: one pose file a video."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from triad.modalities.checks import fail
from triad.modalities.extraction.interfaces import FileSummary
from triad.modalities.skeleton.pose_estimation.assembling import FILLED_SCORE, assemble
from triad.modalities.skeleton.pose_estimation.interfaces import PoseEstimator, TrackedPoses
from triad.modalities.skeleton.pose_estimation.pose_file import FORMAT, describe_poses, verify_poses, write_poses
from triad.modalities.skeleton.pose_estimation.tracker import Tracker
from triad.modalities.stopwatch import Stopwatch

PERSONS = 4
"""Number of persons of a video that are stored at most."""


class PoseFiles:
    """Files of a stream of poses, see :class:`triad.modalities.extraction.StreamFiles`.

    Args:
        stream: name of the stream.
    """

    modality = "skeleton"
    suffix = ".npz"
    length_offset = 0

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def describe(self, path: Path) -> FileSummary:
        """Return the summary of a file; raise InputError if it is damaged."""
        return describe_poses(path)

    def verify(self, path: Path) -> None:
        """Read all of a file; raise InputError if it is damaged."""
        verify_poses(path)


class PoseExtractor(PoseFiles):
    """Extractor of an estimator and a tracker, see :class:`triad.modalities.extraction.Extractor`.

    A video without a person has a file too: one person, all of whose joints are missing. Its count ``nobody`` is the
    number of its frames.

    Args:
        estimator: estimator of persons and their joints.
        smooth: length of the smoothing window in frames; no smoothing by default.

    Raises:
        InputError: If ``smooth`` is even or below 5.
    """

    def __init__(self, estimator: PoseEstimator, *, smooth: int | None = None) -> None:
        super().__init__(f"pose_{estimator.name}")
        if smooth is not None and (smooth < 5 or smooth % 2 == 0):
            fail("--smooth", "be odd and 5 or more frames", smooth)
        self.estimator = estimator
        self.smooth = smooth

    @property
    def provenance(self) -> dict[str, Any]:
        smoothing = None if self.smooth is None else {"method": "savitzky-golay", "window": self.smooth, "order": 2}
        return {
            **self.estimator.provenance,
            "tracking": {**Tracker(self.estimator.layout).provenance, "scipy": scipy.__version__},
            "smoothing": smoothing,
            "stored": {"format": FORMAT, "persons": PERSONS, "filled": f"score × {FILLED_SCORE}"},
        }

    @contextmanager
    def open(self, path: Path, *, provenance: Mapping[str, Any], watch: Stopwatch) -> Iterator[_PoseSink]:
        sink = _PoseSink(self.estimator, watch)
        yield sink
        poses = assemble(sink.tracked, layout=self.estimator.layout, persons=PERSONS, smooth=self.smooth)
        write_poses(path, poses, size_hw=sink.size_hw, provenance=provenance)


class _PoseSink:
    """Collects the tracked persons of all frames; the frames themselves are not kept."""

    def __init__(self, estimator: PoseEstimator, watch: Stopwatch) -> None:
        self.estimator = estimator
        self.watch = watch
        self.tracker = Tracker(estimator.layout)
        self.tracked: list[TrackedPoses] = []
        self.size_hw = (0, 0)

    def add(self, frames: np.ndarray) -> None:
        self.size_hw = (frames.shape[1], frames.shape[2])
        with self.watch("pose"):
            self.tracked += self.tracker(self.estimator(frames))
