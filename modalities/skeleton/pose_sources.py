"""Poses of a video: estimated as its frames come, or measured elsewhere and read from a file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from triad.modalities.clips import PoseClip, Source, Span
from triad.modalities.live import StreamSampling
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.lifting.interfaces import Lifter
from triad.modalities.skeleton.pose_estimation import PERSONS, PoseEstimator, TrackedPoses, Tracker, assemble
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.reader import PoseReader
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame

EDGE = 1e-4  # seconds; the frame that begins when a span ends is not in it


class PoseSource:
    """Tracked persons of every frame, assembled for each window, see :class:`triad.modalities.live.StreamSource`.

    Args:
        estimator: finds persons and their joints.
        watch: stopwatch that measures conversion and estimation.
        lifter: lifter that makes 3D skeletons of a window's joints; None keeps them in 2D.
        on_poses: callback with the number of every frame and its persons.
    """

    def __init__(
        self,
        estimator: PoseEstimator,
        watch: Stopwatch,
        *,
        lifter: Lifter | None = None,
        on_poses: Callable[[int, TrackedPoses], None] | None = None,
    ) -> None:
        self.estimator = estimator
        self.watch = watch
        self.lifter = lifter
        self.on_poses = on_poses
        self.tracker = Tracker(estimator.layout)
        self.poses: dict[int, TrackedPoses] = {}
        self.newest: TrackedPoses

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return the first and the last frame of the window's span."""
        return None if sampling.source is None else _frame_range(sampling, sampling.source, span)

    def request(self, reader: PoseReader, sampling: StreamSampling) -> None:
        """Do nothing: the persons of every frame are kept."""

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Estimate and track the persons of the frame; missing frames before it show those of the last one."""
        with self.watch("convert"):
            picture = frame.rgb[None]
        with self.watch("pose"):
            (tracked,) = self.tracker(self.estimator(picture))
        if previous is not None:
            for missing in range(previous.number + 1, frame.number):
                self.poses[missing] = self.newest
        self.poses[frame.number] = self.newest = tracked
        if self.on_poses is not None:
            self.on_poses(frame.number, tracked)

    def clip(self, reader: PoseReader, sampling: StreamSampling, span: Span) -> PoseClip:
        """Assemble the tracks of the window's span and return the poses on display."""
        if sampling.source is None:
            return reader.blank(sampling.times)
        first, last = _frame_range(sampling, sampling.source, span)
        tracked = [self.poses[number] for number in range(first, last + 1) if number in self.poses]
        if not tracked:
            return reader.blank(sampling.times)
        poses = assemble(tracked, layout=self.estimator.layout, persons=PERSONS).poses
        if self.lifter is not None and sampling.source.size_hw is not None:
            with self.watch("lift"):
                poses = self.lifter(poses, sampling.source.size_hw)
        indices = np.clip(sampling.indices - first, 0, len(tracked) - 1)
        arrays = {"keypoints": poses.keypoints[:, indices], "scores": poses.scores[:, indices]}
        return reader.make_clip(arrays, sampling.source, sampling.times, sampling.valid)

    def discard_before(self, number: int) -> None:
        """Drop the persons of all frames before this one."""
        for past in [frame for frame in self.poses if frame < number]:
            del self.poses[past]


class PoseFileSource:
    """Poses that were measured elsewhere, see :class:`triad.modalities.live.StreamSource`.

    Args:
        poses: all poses of the recording.
    """

    def __init__(self, poses: Poses) -> None:
        self.layout = get_layout(poses.layout)
        self.arrays = {"keypoints": poses.keypoints, "scores": poses.scores}
        if poses.pixels is not None:
            self.arrays["pixels"] = poses.pixels

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return None: no frame of the video is needed."""
        return None

    def request(self, reader: PoseReader, sampling: StreamSampling) -> None:
        """Do nothing: all poses are in memory."""

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Ignore the frame."""

    def clip(self, reader: PoseReader, sampling: StreamSampling, span: Span) -> PoseClip:
        """Return the poses on display in the window."""
        if sampling.source is None:
            return reader.blank(sampling.times)
        arrays = {name: array[:, sampling.indices] for name, array in self.arrays.items()}
        return reader.make_clip(arrays, sampling.source, sampling.times, sampling.valid)

    def discard_before(self, number: int) -> None:
        """Do nothing: the file is no longer than it is."""


def _frame_range(sampling: StreamSampling, source: Source, span: Span) -> tuple[int, int]:
    """Return the first and the last frame on display within a span."""
    edges = source.locate(np.array([span.start, span.end - EDGE]))
    return min(int(edges[0]), int(sampling.indices.min())), max(int(edges[1]), int(sampling.indices.max()))
