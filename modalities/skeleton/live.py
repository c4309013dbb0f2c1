"""Pose streams of a video that is predicted: opened from the user's file or estimator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.live import NO_FRAMES, ExternalInputs, LiveStream
from triad.modalities.skeleton import Layout, PoseReader, check_convertible, convert, get_layout, pad_poses
from triad.modalities.skeleton.lifting.interfaces import LIFTED_PREFIX
from triad.modalities.skeleton.lifting.pixel_tracks import check_liftable
from triad.modalities.skeleton.measured_poses import NO_SETTINGS, FileSettings, ends_early, path_of, read_measured
from triad.modalities.skeleton.plausibility import advise
from triad.modalities.skeleton.pose_sources import PoseFileSource, PoseSource
from triad.modalities.skeleton.readers import SkeletonRecording
from triad.modalities.stopwatch import Stopwatch

POSE_CURE = "give --pose-weights and --detector to estimate it, or --skeleton FILE"
LIFT_CURE = "give --skeleton FILE, or --pose-weights, --detector and --lift to estimate and lift it"
LIFTED_NOTE = "learned from recorded joints; here they are lifted from estimated ones, about each person's root"


def open_poses(
    reader: PoseReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return the poses of the user's file or estimator; see :class:`triad.modalities.live.LiveInput`.

    Raises:
        InputError: If the file does not hold the poses that the reader reads, or the lifter reads other joints than are
            estimated.
    """
    path = _file_of(reader, stream, external)
    if path is not None:
        return _open_file(reader, path, clock, external)
    if not external.has_frames:
        return LiveStream(None, None, f"{NO_FRAMES}; give --file {stream}=FILE")
    is_lifted = reader.stored.dims == 3
    if is_lifted and external.lifter is None:
        return LiveStream(None, None, f"its joints are 3D ('{reader.stored.name}'); {LIFT_CURE}")
    if external.pose is None:
        return LiveStream(None, None, f"no pose estimator for its joints ('{reader.stored.name}'); {POSE_CURE}")
    if not is_lifted:
        return LiveStream(clock, PoseSource(external.pose, watch))
    check_liftable(get_layout(external.pose.layout), get_layout(external.lifter.layout))
    return LiveStream(clock, PoseSource(external.pose, watch, lifter=external.lifter))


def adapt_reader(reader: PoseReader, stream: str, external: ExternalInputs) -> tuple[PoseReader, str] | None:
    """Let a reader convert from the layout of the file, of the estimator or of the lifter.

    See :class:`triad.modalities.live.LiveInput`.

    Raises:
        InputError: If the layouts cannot be converted, or the file cannot be read.
    """
    path = _file_of(reader, stream, external)
    if path is not None:
        named = FileSettings(layout=(external.skeleton_settings or NO_SETTINGS).layout)
        layout = get_layout(read_measured(path, reader.stored.name, None, named).poses.layout)
        if layout.joints == reader.stored.joints and layout.dims == reader.stored.dims:
            return None
        note = f"learned from joints '{reader.layout.name}'; those of '{layout.name}' are converted"
        return _converting(reader, layout), note
    if external.pose is None:
        return None
    is_lifted = reader.layout.dims == 3
    if is_lifted and external.lifter is None:
        return None
    estimated = get_layout(external.lifter.layout if is_lifted else external.pose.layout)
    if reader.stored is estimated:
        learned_lifted = stream.startswith(LIFTED_PREFIX)
        return (reader, LIFTED_NOTE) if is_lifted and not learned_lifted else None
    names = f"learned from joints '{reader.layout.name}' that were not estimated so: estimated '{estimated.name}'"
    return _converting(reader, estimated), f"{names} is converted"


def _file_of(reader: PoseReader, stream: str, external: ExternalInputs) -> Path | SkeletonRecording | None:
    """Return the file of a stream of poses, or the poses in memory; None where it is to be estimated."""
    if stream in external.files:
        return external.files[stream]
    is_estimated = external.pose is not None and reader.stored.dims == 2 and stream.startswith("pose_")
    return None if is_estimated else external.skeleton


def _open_file(
    reader: PoseReader, skeleton: Path | SkeletonRecording, clock: Source, external: ExternalInputs
) -> LiveStream:
    user_fps = external.skeleton_fps
    path = path_of(skeleton)
    recorded = read_measured(skeleton, reader.stored.name, clock.size_hw, external.skeleton_settings or NO_SETTINGS)
    poses = recorded.poses
    notes = [f"joints of '{path.name}' {advice} (--unit, --axes, --skeleton-size)" for advice in advise(recorded)]
    if poses.layout != reader.stored.name:
        poses = convert(poses, to=reader.stored.name)
    if user_fps is None and ends_early(skeleton):
        poses = pad_poses(poses, clock.num)
    fps = user_fps or (recorded.fps if poses.num != clock.num else None)
    if poses.num != clock.num and fps is None:
        cure = "give --skeleton-fps, its poses a second"
        fail(f"skeleton '{path}'", f"hold {clock.num} poses as the video has frames", poses.num, cure)
    source = replace(clock, path=path, num=poses.num, size_hw=recorded.size or clock.size_hw)
    if fps is not None:
        source = replace(source, fps=fps, times=None)
    return LiveStream(source, PoseFileSource(poses), notes=notes)


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
