"""Skeleton recording that a user gives to prediction, of any known format."""

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


def is_skeleton_file(path: Path) -> bool:
    """Return whether a file or folder is a skeleton recording of a known format, and not a video."""
    try:
        find_format(split_clip(path)[0])
    except InputError:
        return False
    return True


def ends_early(path: Path) -> bool:
    """Return whether frames without people at the end of a recording are not in its file."""
    return find_format(split_clip(path)[0]).ends_early


@lru_cache(maxsize=4)
def read_measured(
    path: Path, expected_layout: str, size: tuple[int, int] | None, settings: FileSettings = NO_SETTINGS
) -> SkeletonRecording:
    """Return the poses of a recording, which its reader, its stream and its clock are made for.

    Args:
        path: path of the file or folder; ``FILE#CLIP`` names a clip of a file of many.
        expected_layout: layout that is read where the file does not name its own.
        size: height and width of the frames of the video in pixels, where there is one.
        settings: layout, unit, axes and size that the user says.

    Returns:
        the poses in our units, with the size that the user, the file or the video says.

    Raises:
        InputError: If the file is damaged, of no known format, or shows nobody, or the settings do not fit it.
    """
    known_size = settings.size or size
    recorded = read_skeleton(path, ReadOptions(settings.layout, expected_layout, known_size))
    frame_size = settings.size or recorded.size or size
    subject = f"'{path.name}'"
    poses = convert_units(recorded.poses, unit=settings.unit, axes=settings.axes, size=frame_size, subject=subject)
    return SkeletonRecording(poses, frame_size, recorded.fps)
