"""Poses of a video: estimated as its frames come, or measured elsewhere and read from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fusion.inference.sliding_window import StreamSampling
from modalities.clips import PoseClip
from modalities.extraction.stopwatch import Stopwatch
from modalities.sampling import Span
from modalities.skeleton.layouts import Layout
from modalities.skeleton.pose_estimation.assembling import assemble
from modalities.skeleton.pose_estimation.extractor import PERSONS
from modalities.skeleton.pose_estimation.interfaces import PoseEstimator, TrackedPoses
from modalities.skeleton.pose_estimation.tracker import Tracker
from modalities.skeleton.reader import PoseReader, read_skeleton
from modalities.source import Source
from modalities.video import Frame

EDGE = 1e-4  # seconds; the frame that begins when a span ends is not in it


class PoseSource:
    """People of every frame, tracked, put together for each window; a :class:`~fusion.inference.stream_sources.Part`.

    Args:
        estimator: finds people and joints.
        watch: is told what the time is spent on.
        show: takes the people of every frame.
    """

    def __init__(
        self, estimator: PoseEstimator, watch: Stopwatch, *, show: Callable[[int, TrackedPoses], None] | None = None
    ) -> None:
        self.estimator, self.watch, self.show = estimator, watch, show
        self.tracker = Tracker(estimator.layout)
        self.seen: dict[int, TrackedPoses] = {}
        self.last: TrackedPoses

    def needs(self, glance: StreamSampling, span: Span) -> tuple[int, int] | None:
        return None if glance.source is None else _numbers(glance, glance.source, span)

    def want(self, reader: PoseReader, glance: StreamSampling) -> None:
        """Everybody in every frame is kept anyway."""

    def add(self, before: Frame | None, frame: Frame) -> None:
        with self.watch("convert"):
            picture = frame.rgb[None]
        with self.watch("pose"):
            (found,) = self.tracker(self.estimator(picture))
        if before is not None:
            for missing in range(before.number + 1, frame.number):
                self.seen[missing] = self.last
        self.seen[frame.number] = self.last = found
        if self.show is not None:
            self.show(frame.number, found)

    def clip(self, reader: PoseReader, glance: StreamSampling, span: Span) -> PoseClip:
        if glance.source is None:
            return reader.blank(glance.times)
        first, last = _numbers(glance, glance.source, span)
        seen = [self.seen[number] for number in range(first, last + 1) if number in self.seen]
        if not seen:
            return reader.blank(glance.times)
        poses = assemble(seen, layout=self.estimator.layout, persons=PERSONS).poses
        shown = np.clip(glance.shown - first, 0, len(seen) - 1)
        arrays = {"keypoints": poses.keypoints[:, shown], "scores": poses.scores[:, shown]}
        return reader.make_clip(arrays, glance.source, glance.times, glance.valid)

    def forget(self, number: int) -> None:
        for old in [known for known in self.seen if known < number]:
            del self.seen[old]


class PoseFileSource:
    """Poses that were measured elsewhere, see :class:`fusion.inference.stream_sources.Part`.

    Args:
        path: an ``.npz`` of ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]`` and perhaps ``pixels``.
        layout: of its joints.
        num: how many poses it must hold.

    Raises:
        InputError: if the file does not hold that.
    """

    def __init__(self, path: Path, *, layout: Layout, num: int) -> None:
        self.layout = layout
        self.arrays = read_skeleton(path, dims=layout.dims, joints=layout.num_joints, num=num)

    def needs(self, glance: StreamSampling, span: Span) -> tuple[int, int] | None:
        return None

    def want(self, reader: PoseReader, glance: StreamSampling) -> None:
        """All of it is there."""

    def add(self, before: Frame | None, frame: Frame) -> None:
        """Frames say nothing to it."""

    def clip(self, reader: PoseReader, glance: StreamSampling, span: Span) -> PoseClip:
        if glance.source is None:
            return reader.blank(glance.times)
        arrays = {name: array[:, glance.shown] for name, array in self.arrays.items()}
        return reader.make_clip(arrays, glance.source, glance.times, glance.valid)

    def forget(self, number: int) -> None:
        """It is no longer than its file."""


def _numbers(glance: StreamSampling, source: Source, span: Span) -> tuple[int, int]:
    """The first and the last frame on display within a span."""
    edges = source.locate(np.array([span.start, span.end - EDGE]))
    return min(int(edges[0]), int(glance.shown.min())), max(int(edges[1]), int(glance.shown.max()))
