"""Furniture that people use, placed in the frame of the body behind or in front of the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.animation import Placement
from triad.fusion.datasets.minihome.cameras import Camera
from triad.fusion.datasets.minihome.colors import Color, chroma, shade, ycc_to_rgb
from triad.fusion.datasets.minihome.motions import (
    DESK,
    DESK_FRONT,
    POT_HEIGHT,
    POT_RADIUS,
    SEAT,
    SEAT_BACK,
    STOVE,
    STOVE_FRONT,
)
from triad.fusion.datasets.minihome.painter import Painter, Point, new_canvas, rotate_about_vertical
from triad.fusion.datasets.minihome.render import StaticLayer

Box = tuple[Point, Point]
"""Corners with the smallest and the largest coordinates."""


@dataclass(frozen=True, repr=False)
class FurniturePainter:
    """Painter in the frame of a person: x to the person's left, y up, z to the front.

    Args:
        painter: painter in world metres.
        heading: rotation of the frame from the front of the room to its right in radians.
        origin: origin of the frame on the floor in world metres, ``[3]``.
    """

    painter: Painter
    heading: float
    origin: np.ndarray

    def fill_box(self, low: Point, high: Point, color: Color) -> None:
        """Fill the visible sides of a box."""
        self.painter.fill_box(low, high, color, heading=self.heading, origin=self.origin)

    def fill_boxes(self, boxes: list[Box], color: Color) -> None:
        """Fill boxes, the far ones first."""

        def distance(box: Box) -> float:
            middle = rotate_about_vertical(self.heading, (np.array(box[0]) + np.array(box[1])) / 2) + self.origin
            return float(np.linalg.norm(middle - self.painter.camera.position))

        for low, high in sorted(boxes, key=distance, reverse=True):
            self.fill_box(low, high, color)

    def circle(self, center: Point, radius: float) -> np.ndarray:
        """Return points of a horizontal circle in the image, ``[20, 2]`` pixels."""
        angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        unit_circle = np.stack([np.cos(angles), np.zeros(20), np.sin(angles)], axis=-1)
        points = rotate_about_vertical(self.heading, np.array(center) + radius * unit_circle) + self.origin
        return self.painter.camera.project(self.painter.camera.to_camera(points))

    def draw_chair(self, back: float, color: Color) -> None:
        """Draw a chair whose seat is ``back`` metres behind the origin."""
        front_z = -back + 0.2
        back_z = -back - 0.22
        legs: list[Box] = [
            ((x, 0.0, z), (x + 0.05, SEAT - 0.05, z + 0.05)) for x in (-0.22, 0.17) for z in (back_z, front_z - 0.05)
        ]
        self.fill_boxes(legs, shade(color, 0.75))
        self.fill_box((-0.22, SEAT, back_z), (0.22, SEAT + 0.46, back_z + 0.05), color)
        self.fill_box((-0.22, SEAT - 0.05, back_z + 0.05), (0.22, SEAT, front_z), color)

    def draw_desk(self, color: Color) -> None:
        """Draw a desk with a keyboard under the hands."""
        near_z = DESK_FRONT - 0.24
        far_z = DESK_FRONT + 0.34
        legs: list[Box] = [
            ((x, 0.0, z), (x + 0.05, DESK, z + 0.05)) for x in (-0.52, 0.47) for z in (near_z, far_z - 0.05)
        ]
        self.fill_boxes(legs, shade(color, 0.7))
        self.fill_box((-0.55, DESK - 0.04, near_z), (0.55, DESK, far_z), color)
        self.fill_box((-0.26, DESK, DESK_FRONT - 0.09), (0.26, DESK + 0.02, DESK_FRONT + 0.12), (52, 54, 60))
        for row in range(4):
            z = DESK_FRONT - 0.075 + 0.048 * row
            for key in range(9):
                x = -0.23 + 0.052 * key
                self.fill_box((x, DESK + 0.02, z), (x + 0.036, DESK + 0.028, z + 0.034), (196, 198, 202))

    def draw_stove(self, color: Color, pot_color: Color) -> None:
        """Draw a cooker with an open pot on it."""
        near_z = STOVE_FRONT - 0.26
        far_z = STOVE_FRONT + 0.26
        self.fill_box((-0.42, 0.0, near_z), (0.42, STOVE, far_z), color)
        self.fill_box((-0.36, 0.18, far_z), (0.36, 0.58, far_z + 0.01), (46, 46, 50))
        self.fill_box((-0.38, STOVE, near_z + 0.03), (0.38, STOVE + 0.01, far_z - 0.03), (40, 40, 44))
        for x in (-0.27, -0.09, 0.09, 0.27):
            self.fill_box((x - 0.03, 0.70, far_z), (x + 0.03, 0.76, far_z + 0.03), (210, 208, 202))
        base = self.circle((0.0, STOVE + 0.01, STOVE_FRONT), POT_RADIUS)
        rim = self.circle((0.0, STOVE + POT_HEIGHT, STOVE_FRONT), POT_RADIUS)
        left = rim[:, 0].argmin()
        right = rim[:, 0].argmax()
        rim_middle = 0.5 * (rim[left] + rim[right])
        base_middle = 0.5 * (base[left] + base[right])
        self.painter.fill_pixels(base, shade(pot_color, 0.7))
        for share, brightness in ((1.0, 0.8), (0.8, 1.0), (0.3, 1.2)):
            half = np.array([share * 0.5 * (rim[right, 0] - rim[left, 0]), 0.0])
            side = [rim_middle - half, rim_middle + half, base_middle + half, base_middle - half]
            self.painter.fill_pixels(np.array(side), shade(pot_color, brightness))
        self.painter.fill_pixels(rim, shade(pot_color, 1.25))
        self.painter.fill_pixels(rim.mean(0) + 0.86 * (rim - rim.mean(0)), (156, 92, 52))


def random_wood(rng: np.random.Generator) -> Color:
    """Return a random colour of wooden furniture."""
    return ycc_to_rgb(rng.uniform(80, 180), chroma(rng.uniform(110, 150), rng.uniform(4, 22)))


def random_metal(rng: np.random.Generator) -> Color:
    """Return a random colour of metal."""
    return ycc_to_rgb(rng.uniform(90, 170), chroma(rng.uniform(0, 360), rng.uniform(0, 8)))


def draw_furniture(
    pair: str, camera: Camera, placement: Placement, background: np.ndarray, rng: np.random.Generator
) -> list[StaticLayer]:
    """Draw a chair on the background if a pair of classes needs one, and return the furniture in front of the person.

    Args:
        pair: name of the pair.
        camera: camera of the picture.
        placement: position and direction of the person.
        background: canvas that is changed in place.
        rng: generator of the colours.
    """
    wood = random_wood(rng)
    metal = random_metal(rng)
    foreground = new_canvas()
    mask = new_canvas()
    behind = FurniturePainter(Painter(camera, background), placement.heading, placement.origin)
    in_front = FurniturePainter(Painter(camera, foreground, mask), placement.heading, placement.origin)
    match pair:
        case "chair":
            behind.draw_chair(SEAT_BACK, wood)
        case "keyboard":
            behind.draw_chair(0.02, wood)
            in_front.draw_desk(wood)
        case "pot":
            in_front.draw_stove(ycc_to_rgb(rng.uniform(150, 215), (0.0, 0.0)), metal)
    return [StaticLayer(foreground, np.ascontiguousarray(mask[..., 0]))] if mask.any() else []
