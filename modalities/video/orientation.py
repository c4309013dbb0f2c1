"""Turned and mirrored pictures: the display matrix that telephones store beside a frame, applied as FFmpeg does."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import av
import numpy as np

_MATRIX_BYTES = 36  # nine numbers of 16.16 bits, rows of three


class Orientation(NamedTuple):
    """Orientation in which a stored picture is displayed: one of the eight of a rectangle.

    Attributes:
        swaps_axes: whether rows become columns; it comes before the flips.
        flips_rows: whether the picture is turned upside down.
        flips_columns: whether left and right change places.
    """

    swaps_axes: bool = False
    flips_rows: bool = False
    flips_columns: bool = False


UPRIGHT = Orientation()


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """Return the orientation in which a frame is displayed; an angle between two quarter turns counts as the nearer."""
    if not len(frame.side_data):
        return UPRIGHT
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None or len(numbers := bytes(matrix)) < _MATRIX_BYTES:
        return UPRIGHT
    return orientation_of_matrix(struct.unpack_from("=9i", numbers))


def orientation_of_matrix(matrix: tuple[int, ...]) -> Orientation:
    """Return the orientation of a display matrix ``(a, b, u, c, d, v, x, y, w)``, by which ``x' = ax + cy`` and
    ``y' = bx + dy``."""
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    if a == b == c == d == 0:  # no orientation at all
        return UPRIGHT
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, flips_rows=d < 0, flips_columns=a < 0)
    return Orientation(True, flips_rows=b < 0, flips_columns=c < 0)


def apply_orientation(image: np.ndarray, orientation: Orientation) -> np.ndarray:
    """Return a stored picture as it is displayed. Shapes: ``[H, W, ...]`` -> ``[H, W, ...]`` or ``[W, H, ...]``."""
    if orientation == UPRIGHT:
        return image
    if orientation.swaps_axes:
        image = image.swapaxes(0, 1)
    rows = slice(None, None, -1 if orientation.flips_rows else 1)
    columns = slice(None, None, -1 if orientation.flips_columns else 1)
    return np.ascontiguousarray(image[rows, columns])


def upright_hw(frame: av.VideoFrame) -> tuple[int, int]:
    """Return height and width of a frame as it is displayed, pixels."""
    swaps_axes = orientation_of(frame).swaps_axes
    return (frame.width, frame.height) if swaps_axes else (frame.height, frame.width)
