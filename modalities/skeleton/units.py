"""Units and axes of joints as files have them, brought to ours: metres, x right, y down, z away; or pixels."""

from __future__ import annotations

import re

import numpy as np

from triad.modalities.checks import check_choice, fail
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.poses import Poses

METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001}
"""Metres of each unit of length."""
UNITS = (*METRES, "pixel", "fraction")
"""Units of joints: lengths in 3D, pixels or fractions of width and height in 2D."""
AXES = re.compile(r"[+-]?[xyz]")
AXES_HELP = (
    "which of the file's axes point right, down and away, such as 'x -y z' where y is up, '-x -y z' for Kinect, "
    "'x -z y' where z is up"
)


def convert_units(
    poses: Poses,
    *,
    unit: str | None = None,
    axes: str | None = None,
    size: tuple[int, int] | None = None,
    subject: str = "joints",
) -> Poses:
    """Return poses of a file's units and axes in ours.

    Args:
        poses: poses with the numbers of the file.
        unit: one of ``UNITS``; None for metres or pixels.
        axes: three (in 2D two) of the file's axes with their signs: those that point right, down and away.
        size: height and width of the frames, which fractions need.
        subject: description of the joints in errors.

    Raises:
        InputError: If unit or axes do not fit the layout, or fractions come without a size.
    """
    dims = get_layout(poses.layout).dims
    points = poses.keypoints
    if axes is not None:
        points = _turn(points, axes, subject)
    if unit is not None:
        usual = METRES if dims == 3 else ("pixel", "fraction")
        check_choice(f"unit of {subject} of layout '{poses.layout}'", unit, usual)
        if unit == "fraction":
            if size is None:
                cure = "give the columns width and height, or the video"
                fail(f"fractions of {subject}", "come with the size of their frames", "none", cure)
            points = points * np.array(size[::-1], np.float32)
        elif unit in METRES:
            points = points * np.float32(METRES[unit])
    return poses if points is poses.keypoints else Poses(points, poses.scores, poses.layout, poses.pixels)


def parse_frame_size(text: str, option: str) -> tuple[int, int]:
    """Return height and width of ``WIDTHxHEIGHT``.

    Args:
        text: size that the user wrote.
        option: name of the option, in errors.

    Raises:
        InputError: If it is of another form.
    """
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) < 2**16 and 0 < int(height) < 2**16):
        fail(option, "be WIDTHxHEIGHT in pixels", f"'{text[:40]}'", "such as 640x480")
    return int(height), int(width)


def _turn(points: np.ndarray, axes: str, subject: str) -> np.ndarray:
    """Return points with the axes that right, down and away lie on."""
    words = AXES.findall(axes.lower())
    dims = points.shape[-1]
    letters = [word[-1] for word in words]
    remainder = AXES.sub("", axes.lower()).strip(" ,;")
    if remainder or sorted(letters) != list("xyz"[:dims]):
        fail(f"axes of {subject}", f"name each of {', '.join('xyz'[:dims])} once", f"'{axes[:40]}'", f"say {AXES_HELP}")
    signs = np.array([-1 if word.startswith("-") else 1 for word in words], np.float32)
    turned: np.ndarray = points[..., ["xyz".index(letter) for letter in letters]] * signs
    return turned
