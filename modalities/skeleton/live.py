"""Pose streams of a video that is predicted: opened from the user's file or estimator."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from modalities.checks import fail
from modalities.clips import Source
from modalities.live import ExternalInputs, LiveStream
from modalities.skeleton import Layout, PoseReader, check_convertible, convert, get_layout, pad_poses
from modalities.skeleton.pose_sources import PoseFileSource, PoseSource
from modalities.skeleton.readers import ReadOptions, SkeletonRecording, find_format, read_skeleton, split_clip
from modalities.stopwatch import Stopwatch

POSE_CURE = "give --pose-weights and --detector to estimate it, or --skeleton FILE"
FILE_CURE = "give --skeleton FILE, it cannot be estimated from the frames"


def open_poses(
    reader: PoseReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return the poses of the user's file or estimator; see :class:`modalities.live.LiveInput`."""
    if external.skeleton is not None:
        recorded = _read_file(external.skeleton, reader.stored.name, clock.size_hw)
        poses = recorded.poses
        if poses.layout != reader.stored.name:
            poses = convert(poses, to=reader.stored.name)
        if external.skeleton_fps is None and find_format(split_clip(external.skeleton)[0]).ends_early:
            poses = pad_poses(poses, clock.num)
        fps = external.skeleton_fps or (recorded.fps if poses.num != clock.num else None)
        if poses.num != clock.num and fps is None:
            cure = "give --skeleton-fps, its poses a second"
            fail(f"skeleton '{external.skeleton}'", f"hold {clock.num} poses as the video has frames", poses.num, cure)
        source = replace(clock, path=external.skeleton, num=poses.num, size_hw=recorded.size or clock.size_hw)
        if fps is not None:
            source = replace(source, fps=fps, times=None)
        return LiveStream(source, PoseFileSource(poses))
    if reader.stored.dims == 3:
        return LiveStream(None, None, f"its joints are 3D ('{reader.stored.name}'); {FILE_CURE}")
    if external.pose is None:
        return LiveStream(None, None, f"no pose estimator for its joints ('{reader.stored.name}'); {POSE_CURE}")
    return LiveStream(clock, PoseSource(external.pose, watch))


def adapt_reader(reader: PoseReader, external: ExternalInputs) -> tuple[PoseReader, str] | None:
    """Let a reader convert from the layout of the file or of the estimator; see :class:`modalities.live.LiveInput`.

    Raises:
        InputError: If the layouts cannot be converted, or the file cannot be read.
    """
    if external.skeleton is not None:
        layout = get_layout(_read_file(external.skeleton, reader.stored.name, None).poses.layout)
        if layout.joints == reader.stored.joints and layout.dims == reader.stored.dims:
            return None
        note = f"learned from joints '{reader.layout.name}'; those of '{layout.name}' are converted"
        return _converting(reader, layout), note
    if external.pose is None:
        return None
    estimated = get_layout(external.pose.layout)
    if reader.layout.dims == 3 or reader.stored is estimated:
        return None
    check_convertible(estimated, reader.layout)
    changed = _converting(reader, estimated)
    names = f"learned from joints '{reader.layout.name}' that were not estimated so: estimated '{estimated.name}'"
    return changed, f"{names} is converted"


def _converting(reader: PoseReader, stored: Layout) -> PoseReader:
    """Return a reader of the same joints that converts from another layout."""
    check_convertible(stored, reader.layout)
    return PoseReader(
        layout=reader.layout.name,
        frame_size=reader.frame_size,
        convert_from=stored.name,
        persons=reader.persons,
        crop_mode=reader.crop_mode,
    )


@lru_cache(maxsize=2)
def _read_file(path: Path, expected_layout: str, size: tuple[int, int] | None) -> SkeletonRecording:
    """Return the poses of a file, which both the reader and the stream are made for."""
    return read_skeleton(path, ReadOptions(expected_layout=expected_layout, size=size))
