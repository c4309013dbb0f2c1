"""Pose streams of a video that is predicted: opened from the user's file or estimator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from modalities.atomic_files import read_arrays
from modalities.checks import fail
from modalities.clips import Source
from modalities.live import ExternalInputs, LiveStream
from modalities.skeleton import PoseReader, check_convertible, get_layout
from modalities.skeleton.pose_sources import PoseFileSource, PoseSource
from modalities.stopwatch import Stopwatch

POSE_CURE = "give --pose-weights and --detector to estimate it, or --skeleton FILE.npz"
FILE_CURE = "give --skeleton FILE.npz, it cannot be estimated from the frames"


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
        InputError: If the layouts cannot be converted.
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
        crop_mode=reader.crop_mode,
    )
    names = f"learned from joints '{reader.layout.name}' that were not estimated so: estimated '{estimated.name}'"
    return changed, f"{names} is converted"


def _count_poses(path: Path) -> int:
    arrays = read_arrays(path, cure="write keypoints [M, T, V, C] and scores [M, T, V] with numpy.savez")
    shape = arrays["keypoints"].shape if "keypoints" in arrays else ()
    if len(shape) != 4:
        fail(f"skeleton '{path}'", "hold keypoints [M, T, V, C]", list(shape) or "none")
    return int(shape[1])
