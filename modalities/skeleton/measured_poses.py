"""Skeleton recording that a user gives to prediction, of any known format."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from modalities.checks import InputError
from modalities.skeleton.readers import ReadOptions, SkeletonRecording, find_format, read_skeleton, split_clip


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
def read_measured(path: Path, expected_layout: str, size: tuple[int, int] | None) -> SkeletonRecording:
    """Return the poses of a recording, which its reader, its stream and its clock are made for.

    Args:
        path: path of the file or folder; ``FILE#CLIP`` names a clip of a file of many.
        expected_layout: layout that is read where the file does not name its own.
        size: height and width of the frames in pixels, where they are known.

    Raises:
        InputError: If the file is damaged, of no known format, or shows nobody.
    """
    return read_skeleton(path, ReadOptions(expected_layout=expected_layout, size=size))
