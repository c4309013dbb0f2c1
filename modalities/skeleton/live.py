"""Poses of a video: estimated as its frames come, or measured elsewhere and read from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from modalities.atomic_files import read_arrays
from modalities.checks import fail
from modalities.clips import PoseClip, Source, Span
from modalities.extraction.stopwatch import Stopwatch
from modalities.live import ExternalInputs, LiveStream, StreamSampling
from modalities.skeleton.convert import check_convertible
from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.pose_estimation import PERSONS, PoseEstimator, TrackedPoses, Tracker, assemble
from modalities.skeleton.pose_loader import load_pose_arrays
from modalities.skeleton.reader import PoseReader
from modalities.video import Frame

EDGE = 1e-4  # seconds; the frame that begins when a span ends is not in it
POSE_CURE = "give --pose-weights and --detector to estimate it, or --skeleton FILE.npz"
FILE_CURE = "give --skeleton FILE.npz, it cannot be estimated from the frames"


class PoseSource:
    """Tracked persons of every frame, assembled for each window, see :class:`modalities.live.StreamSource`.

    Args:
        estimator: finds persons and their joints.
        watch: stopwatch that measures conversion and estimation.
        on_poses: callback with the number of every frame and its persons.
    """

    def __init__(
        self, estimator: PoseEstimator, watch: Stopwatch, *, on_poses: Callable[[int, TrackedPoses], None] | None = None
    ) -> None:
        self.estimator = estimator
        self.watch = watch
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
        indices = np.clip(sampling.indices - first, 0, len(tracked) - 1)
        arrays = {"keypoints": poses.keypoints[:, indices], "scores": poses.scores[:, indices]}
        return reader.make_clip(arrays, sampling.source, sampling.times, sampling.valid)

    def discard_before(self, number: int) -> None:
        """Drop the persons of all frames before this one."""
        for past in [frame for frame in self.poses if frame < number]:
            del self.poses[past]


class PoseFileSource:
    """Poses that were measured elsewhere, see :class:`modalities.live.StreamSource`.

    Args:
        path: ``.npz`` file of ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]`` and perhaps ``pixels``.
        layout: layout of its joints.
        num: number of poses that it must hold.

    Raises:
        InputError: if the file does not hold that.
    """

    def __init__(self, path: Path, *, layout: Layout, num: int) -> None:
        self.layout = layout
        self.arrays = load_pose_arrays(path, layout=layout, num=num)

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


def open_poses(
    reader: PoseReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return the poses of the user's file or estimator; see :class:`modalities.live.LiveInput`."""
    if external.skeleton is not None:
        num = _count_poses(external.skeleton)
        if num != clock.num and external.skeleton_fps is None:
            cure = "give --skeleton-fps, its poses a second"
            fail(f"skeleton '{external.skeleton}'", f"hold {clock.num} poses as the video has frames", num, cure)
        source = replace(clock, path=external.skeleton, num=num)
        if num != clock.num or external.skeleton_fps is not None:
            source = replace(source, fps=external.skeleton_fps, times=None)
        return LiveStream(source, PoseFileSource(external.skeleton, layout=reader.stored, num=num))
    if reader.stored.dims == 3:
        return LiveStream(None, None, f"its joints are 3D ('{reader.stored.name}'); {FILE_CURE}")
    if external.pose is None:
        return LiveStream(None, None, f"no pose estimator for its joints ('{reader.stored.name}'); {POSE_CURE}")
    return LiveStream(clock, PoseSource(external.pose, watch))


def adapt_reader(reader: PoseReader, external: ExternalInputs) -> tuple[PoseReader, str] | None:
    """Let a reader of 2D joints convert from the estimator's layout; see :class:`modalities.live.LiveInput`.

    Raises:
        InputError: if the layouts cannot be converted.
    """
    if external.pose is None or external.skeleton is not None:
        return None
    estimated = get_layout(external.pose.layout)
    if reader.layout.dims == 3 or reader.stored is estimated:
        return None
    check_convertible(estimated, reader.layout)
    changed = PoseReader(
        layout=reader.layout.name,
        frame_size=reader.frame_size,
        convert_from=estimated.name,
        persons=reader.persons,
    )
    names = f"learned from joints '{reader.layout.name}' that were not estimated so: estimated '{estimated.name}'"
    return changed, f"{names} is converted"


def _count_poses(path: Path) -> int:
    arrays = read_arrays(path, cure="write keypoints [M, T, V, C] and scores [M, T, V] with numpy.savez")
    shape = arrays["keypoints"].shape if "keypoints" in arrays else ()
    if len(shape) != 4:
        fail(f"skeleton '{path}'", "hold keypoints [M, T, V, C]", list(shape) or "none")
    return int(shape[1])


def _frame_range(sampling: StreamSampling, source: Source, span: Span) -> tuple[int, int]:
    """Return the first and the last frame on display within a span."""
    edges = source.locate(np.array([span.start, span.end - EDGE]))
    return min(int(edges[0]), int(sampling.indices.min())), max(int(edges[1]), int(sampling.indices.max()))
