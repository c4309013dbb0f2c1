"""Skeleton recording that a user gives to prediction: a file of any known format, or poses in memory."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import ReadOptions, SkeletonRecording, find_format, read_skeleton, split_clip
from triad.modalities.skeleton.units import convert_units


class FileSettings(NamedTuple):
    """What the user says about the files of joints that are given to prediction.

    Attributes:
        layout: name of their joint layout; None where they name it, or for that of the model.
        unit: unit of their joints; None for metres or pixels.
        axes: axes of their joints, see :func:`triad.modalities.skeleton.convert_units`.
        size: height and width of the frames that their pixels refer to.
    """

    layout: str | None = None
    unit: str | None = None
    axes: str | None = None
    size: tuple[int, int] | None = None


NO_SETTINGS = FileSettings()
IN_MEMORY = Path("<poses>")
"""Name of poses in memory in results and errors."""


def path_of(skeleton: Path | SkeletonRecording) -> Path:
    """Return the path of a file, or the name of poses in memory."""
    return skeleton if isinstance(skeleton, Path) else IN_MEMORY


def is_skeleton_file(path: Path) -> bool:
    """Return whether a file or folder is a skeleton recording of a known format, and not a video."""
    try:
        find_format(split_clip(path)[0])
    except InputError:
        return False
    return True


def ends_early(skeleton: Path | SkeletonRecording) -> bool:
    """Return whether frames without people at the end of a recording are not in its file."""
    return isinstance(skeleton, Path) and find_format(split_clip(skeleton)[0]).ends_early


def read_measured(
    skeleton: Path | SkeletonRecording,
    expected_layout: str,
    size: tuple[int, int] | None,
    settings: FileSettings = NO_SETTINGS,
) -> SkeletonRecording:
    """Return the poses of a recording in our units.

    Args:
        skeleton: path of the file or folder (``FILE#CLIP`` names a clip of a file of many), or poses in memory.
        expected_layout: layout that is read where the file does not name its own.
        size: height and width of the frames of the video in pixels, where there is one.
        settings: layout, unit, axes and size that the user says.

    Returns:
        the poses in our units, with the size that the user, the file or the video says.

    Raises:
        InputError: If the file is damaged, of no known format, or shows nobody, or the settings do not fit it.
    """
    recorded = skeleton
    if isinstance(recorded, Path):
        options = ReadOptions(settings.layout, expected_layout, settings.size or size)
        recorded = _read_file(recorded, options, _version_of(recorded))
    frame_size = settings.size or recorded.size or size
    subject = f"'{path_of(skeleton).name}'"
    poses = convert_units(recorded.poses, unit=settings.unit, axes=settings.axes, size=frame_size, subject=subject)
    return SkeletonRecording(poses, frame_size, recorded.fps)


@lru_cache(maxsize=4)  # one prediction asks for the layout, the clock and the poses of a file
def _read_file(path: Path, options: ReadOptions, version: tuple[int, int] | None) -> SkeletonRecording:
    return read_skeleton(path, options)


def _version_of(path: Path) -> tuple[int, int] | None:
    """Return the time of the last change and the bytes of a file; None where there is none, as its reader says."""
    try:
        status = split_clip(path)[0].stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
