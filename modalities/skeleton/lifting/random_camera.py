"""Random cameras around a person: one 3D recording gives any number of 2D ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from triad.modalities.checks import fail

MIN_DEPTH = 0.3  # metres from the camera to the nearest joint


class Projection(NamedTuple):
    """A skeleton in a camera's image.

    Attributes:
        joints: metres in the camera's frame, ``[T, V, 3]``.
        pixels: pixels of the image, ``[T, V, 2]``.
        in_frame: True for joints within the image, bool ``[T, V]``.
    """

    joints: np.ndarray
    pixels: np.ndarray
    in_frame: np.ndarray


@dataclass(frozen=True, kw_only=True)
class RandomCamera:
    """Draws a camera: any heading, a little pitch and roll, any distance and field of view within limits.

    Args:
        pitch: limits of the angle by which the camera looks down, degrees.
        roll: largest angle by which it leans to either side, degrees.
        distance: limits of the distance to the person, metres.
        field_of_view: limits of the horizontal field of view, degrees.
        max_offset: largest distance of the person from the middle of the image, 1 being its edge.
        size: height and width of the image, pixels.

    Raises:
        InputError: If a range is empty or a field of view is not between 0 and 180 degrees.
    """

    pitch: tuple[float, float] = (-15.0, 40.0)
    roll: float = 8.0
    distance: tuple[float, float] = (2.0, 7.0)
    field_of_view: tuple[float, float] = (35.0, 80.0)
    max_offset: float = 0.5
    size: tuple[int, int] = (480, 640)

    def __post_init__(self) -> None:
        for name in ("pitch", "distance", "field_of_view"):
            low, high = getattr(self, name)
            if not low <= high:
                fail(f"RandomCamera.{name}", "be a range (from, to)", (low, high))
        if not (self.field_of_view[0] > 0 and self.field_of_view[1] < 180 and self.distance[0] > 0):
            got = (self.field_of_view, self.distance)
            fail("RandomCamera.field_of_view and distance", "be within 0–180 degrees, above 0 m", got)

    def __call__(self, joints: np.ndarray, rng: np.random.Generator) -> Projection:
        """Project joints in metres (x right, y down, z away) with a camera drawn from ``rng``.

        Shapes: ``[T, V, 3]`` -> :class:`Projection`.
        """
        height, width = self.size
        yaw = rng.uniform(-np.pi, np.pi)
        pitch, field_of_view = (np.deg2rad(rng.uniform(*limits)) for limits in (self.pitch, self.field_of_view))
        turned = joints - joints.mean((0, 1))
        turned = turned @ rotation(yaw=yaw, pitch=pitch, roll=np.deg2rad(rng.uniform(-self.roll, self.roll))).T
        focal = 0.5 * width / np.tan(0.5 * field_of_view)  # pixels
        half_size = 0.5 * np.array([width, height])
        offset = rng.uniform(-self.max_offset, self.max_offset, 2) * half_size / focal
        distance = max(rng.uniform(*self.distance), MIN_DEPTH - float(turned[..., 2].min()))
        turned += distance * np.array([*offset, 1.0])
        pixels = focal * turned[..., :2] / turned[..., 2:] + half_size
        in_frame = ((pixels >= 0) & (pixels < [width, height])).all(-1)
        return Projection(turned.astype(np.float32), pixels.astype(np.float32), in_frame)


def rotation(*, yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Return the rotation about the vertical (y), then by a camera that looks down, then about z.

    Args:
        yaw: angle about y, radians.
        pitch: angle by which the camera looks down, radians.
        roll: angle about z, radians.

    Shapes: ``[3, 3]``.
    """
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(angle), np.sin(angle)) for angle in (yaw, pitch, roll))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_x @ about_y)
