"""Cameras from anywhere around a person: one 3D recording gives any number of 2D ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from modalities.checks import fail

NEAREST = 0.3  # metres: nothing comes nearer to a camera


class Seen(NamedTuple):
    """A skeleton as a camera sees it.

    Attributes:
        joints: metres in the camera's frame, ``[T, V, 3]``.
        pixels: of the image, ``[T, V, 2]``.
        inside: bool ``[T, V]``, within the image.
    """

    joints: np.ndarray
    pixels: np.ndarray
    inside: np.ndarray


@dataclass(frozen=True, kw_only=True)
class RandomCamera:
    """Draws a camera: turned any way about the vertical, a little tilted and rolled, near or far, wide or narrow.

    Args:
        pitch: degrees the camera looks down, from and to.
        roll: degrees it may lean to either side.
        distance: metres to the person, from and to.
        field: degrees of its horizontal view, from and to.
        aside: how far from the middle of the image the person may stand, 1 being its edge.
        size: height and width of the image in pixels.

    Raises:
        InputError: if a range is empty or a view is not between 0 and 180 degrees.
    """

    pitch: tuple[float, float] = (-15.0, 40.0)
    roll: float = 8.0
    distance: tuple[float, float] = (2.0, 7.0)
    field: tuple[float, float] = (35.0, 80.0)
    aside: float = 0.5
    size: tuple[int, int] = (480, 640)

    def __post_init__(self) -> None:
        for name in ("pitch", "distance", "field"):
            low, high = getattr(self, name)
            if not low <= high:
                fail(f"RandomCamera.{name}", "be a range (from, to)", (low, high))
        if not (self.field[0] > 0 and self.field[1] < 180 and self.distance[0] > 0):
            fail("RandomCamera.field and distance", "be within 0–180 degrees, above 0 m", (self.field, self.distance))

    def __call__(self, joints: np.ndarray, rng: np.random.Generator) -> Seen:
        """Look at joints in metres (x right, y down, z away) with a camera drawn from ``rng``.

        Shapes: ``[T, V, 3]`` -> :class:`Seen`.
        """
        height, width = self.size
        yaw = rng.uniform(-np.pi, np.pi)
        pitch, field = (np.deg2rad(rng.uniform(*each)) for each in (self.pitch, self.field))
        turned = joints - joints.mean((0, 1))
        turned = turned @ rotation(yaw=yaw, pitch=pitch, roll=np.deg2rad(rng.uniform(-self.roll, self.roll))).T
        focal = 0.5 * width / np.tan(0.5 * field)  # pixels
        place = rng.uniform(-self.aside, self.aside, 2) * 0.5 * np.array([width, height]) / focal
        distance = max(rng.uniform(*self.distance), NEAREST - float(turned[..., 2].min()))
        turned += distance * np.array([*place, 1.0])
        pixels = focal * turned[..., :2] / turned[..., 2:] + 0.5 * np.array([width, height])
        inside = ((pixels >= 0) & (pixels < [width, height])).all(-1)
        return Seen(turned.astype(np.float32), pixels.astype(np.float32), inside)


def rotation(*, yaw: float, pitch: float, roll: float) -> np.ndarray:
    """About the vertical (y), then as a camera that looks down by ``pitch``, then about z; radians -> ``[3, 3]``."""
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(angle), np.sin(angle)) for angle in (yaw, pitch, roll))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_x @ about_y)
