"""What every reader of skeleton files begins and ends with: bytes whose size is known, and poses that fit them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.checks import InputError, check_file, fail
from modalities.skeleton.poses import Poses

CURE = "the file is damaged or of another kind; download it again"
ALLOWANCE = 4 << 20
"""Bytes that a small file may become, such as one of many frames that hold nobody."""


def load(path: str | Path) -> bytes:
    """All bytes of a file.

    Raises:
        InputError: if it is missing, empty, or not to be read.
    """
    path = check_file("skeleton file", path, "check the path, or download it again")
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"'{path}'", "be readable", str(error))


def check_room(path: str | Path, needed: int, data: bytes, *, what: str, times: int = 6) -> None:
    """Refuse what would take more memory than the file can mean.

    Args:
        path: named in the error.
        needed: bytes that are about to be taken.
        data: the file's content.
        what: takes them.
        times: how many times the file's size that may be, besides its part of :data:`ALLOWANCE`.

    Raises:
        InputError: if it is more.
    """
    size = len(data)
    most = times * (size + ALLOWANCE // 6)
    if needed > most:
        fail(f"'{path}': {what}", f"take at most {most} bytes, for the file has {size}", needed, CURE)


def shown(text: object, longest: int = 100) -> str:
    """Text from a file as one line that a message may hold."""
    line = ascii(str(text)[: longest + 1])[1:-1]
    return line if len(line) <= longest else line[:longest] + "…"


def to_poses(
    path: str | Path,
    keypoints: np.ndarray,
    scores: np.ndarray,
    *,
    layout: str,
    pixels: np.ndarray | None = None,
) -> Poses:
    """Poses in which a joint with a value that is no number is lost: score and values 0. The arrays are taken over.

    Raises:
        InputError: if shapes do not fit, or nobody is seen at any time.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # beyond float32 is infinite, which is lost
        given = (keypoints, scores) if pixels is None else (keypoints, scores, pixels)
        arrays = [np.require(array, np.float32, "W") for array in given]
    seen = np.isfinite(arrays[1]) & (arrays[1] > 0)
    for points in (arrays[0], *arrays[2:]):
        seen &= np.isfinite(points).all(-1)
    if not seen.any():
        fail(f"'{path}'", "show a joint of somebody in some frame", f"none in {seen.shape[1]} frames", "leave it out")
    for array in arrays:
        array[~seen] = 0
    try:
        return Poses(arrays[0], arrays[1], layout, *arrays[2:])
    except InputError as error:
        raise InputError(f"'{path}': {error}; {CURE}") from None


KINECT = np.array([-1, -1, 1], np.float32)
"""From Kinect's frame (x to the camera's left, y up, z away) to ours (x right, y down, z away), and back."""


def from_kinect(path: str | Path, keypoints: np.ndarray, *, layout: str) -> Poses:
    """Poses of what is without scores and in Kinect's frame; the array is taken over.

    A joint at the origin of the camera, where none can be, is lost.

    Shapes: ``[T, V, 3]`` or ``[M, T, V, 3]`` in the order of ``layout``.

    Raises:
        InputError: if nobody is seen at any time.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # beyond float32 is infinite, which is lost
        points = np.require(keypoints, np.float32, "W")
        points *= KINECT
    points = points[None] if points.ndim == 3 else points
    return to_poses(path, points, np.any(points != 0, axis=-1), layout=layout)
