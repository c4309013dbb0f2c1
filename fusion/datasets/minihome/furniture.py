"""Furniture that people use: it stands in the frame of the body, behind or before the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome.colors import Color, chroma, shade, ycc
from fusion.datasets.minihome.motions import (
    DESK,
    DESK_FRONT,
    POT_HEIGHT,
    POT_RADIUS,
    SEAT,
    SEAT_BACK,
    STOVE,
    STOVE_FRONT,
)
from fusion.datasets.minihome.painter import Painter, turn


@dataclass(frozen=True, repr=False)
class Carpenter:
    """Builds in the frame of a person: x to the person's left, y up, z to the front.

    Args:
        heading: radians by which the frame is turned from the front of the room to its right.
        origin: its origin on the floor, world metres ``[3]``.
    """

    painter: Painter
    heading: float
    origin: np.ndarray

    def box(self, low: tuple[float, float, float], high: tuple[float, float, float], color: Color) -> None:
        self.painter.box(low, high, color, heading=self.heading, origin=self.origin)

    def ring(self, center: tuple[float, float, float], radius: float) -> np.ndarray:
        """Points of a horizontal circle in the world, ``[20, 3]``."""
        angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        circle = np.stack([np.cos(angles), np.zeros(20), np.sin(angles)], axis=-1)
        return turn(self.heading, np.array(center) + radius * circle) + self.origin

    def in_order(
        self, boxes: list[tuple[tuple[float, float, float], tuple[float, float, float]]], color: Color
    ) -> None:
        """Boxes, the far ones first."""

        def distance(box: tuple[tuple[float, float, float], tuple[float, float, float]]) -> float:
            middle = turn(self.heading, (np.array(box[0]) + np.array(box[1])) / 2) + self.origin
            return float(np.linalg.norm(middle - self.painter.camera.position))

        for low, high in sorted(boxes, key=distance, reverse=True):
            self.box(low, high, color)

    def chair(self, back: float, color: Color) -> None:
        """A chair whose seat is ``back`` metres behind the origin."""
        near, far = -back + 0.2, -back - 0.22
        self.in_order(
            [((x, 0.0, z), (x + 0.05, SEAT - 0.05, z + 0.05)) for x in (-0.22, 0.17) for z in (far, near - 0.05)],
            shade(color, 0.75),
        )
        self.box((-0.22, SEAT, far), (0.22, SEAT + 0.46, far + 0.05), color)
        self.box((-0.22, SEAT - 0.05, far + 0.05), (0.22, SEAT, near), color)

    def desk(self, color: Color) -> None:
        """A desk with a keyboard under the hands and a screen base beyond."""
        near, far = DESK_FRONT - 0.24, DESK_FRONT + 0.34
        legs = [((x, 0.0, z), (x + 0.05, DESK, z + 0.05)) for x in (-0.52, 0.47) for z in (near, far - 0.05)]
        self.in_order(legs, shade(color, 0.7))
        self.box((-0.55, DESK - 0.04, near), (0.55, DESK, far), color)
        self.box((-0.26, DESK, DESK_FRONT - 0.09), (0.26, DESK + 0.02, DESK_FRONT + 0.12), (52, 54, 60))
        for row in range(4):
            z = DESK_FRONT - 0.075 + 0.048 * row
            for key in range(9):
                x = -0.23 + 0.052 * key
                self.box((x, DESK + 0.02, z), (x + 0.036, DESK + 0.028, z + 0.034), (196, 198, 202))

    def stove(self, color: Color, metal: Color) -> None:
        """A cooker with a pot on it, open at the top."""
        near, far = STOVE_FRONT - 0.26, STOVE_FRONT + 0.26
        self.box((-0.42, 0.0, near), (0.42, STOVE, far), color)
        self.box((-0.36, 0.18, far), (0.36, 0.58, far + 0.01), (46, 46, 50))
        self.box((-0.38, STOVE, near + 0.03), (0.38, STOVE + 0.01, far - 0.03), (40, 40, 44))
        for x in (-0.27, -0.09, 0.09, 0.27):
            self.box((x - 0.03, 0.70, far), (x + 0.03, 0.76, far + 0.03), (210, 208, 202))
        center = (0.0, STOVE + 0.01, STOVE_FRONT)
        low, high = (
            self.painter.camera.project(self.painter.camera.to_camera(self.ring((0.0, y, center[2]), POT_RADIUS)))
            for y in (STOVE + 0.01, STOVE + POT_HEIGHT)
        )
        left, right = high[:, 0].argmin(), high[:, 0].argmax()
        self.painter.pixels(low, shade(metal, 0.7))
        for share, tone in ((1.0, 0.8), (0.8, 1.0), (0.3, 1.2)):
            middle = np.array([0.5 * (high[left] + high[right]), 0.5 * (low[left] + low[right])])
            half = share * 0.5 * (high[right, 0] - high[left, 0])
            side = [(-half, 0), (half, 0), (half, 1), (-half, 1)]
            self.painter.pixels(np.array([middle[row] + [x, 0.0] for x, row in side]), shade(metal, tone))
        self.painter.pixels(high, shade(metal, 1.25))
        self.painter.pixels(high.mean(0) + 0.86 * (high - high.mean(0)), (156, 92, 52))


def wood(rng: np.random.Generator) -> Color:
    """A colour of furniture."""
    return ycc(rng.uniform(80, 180), chroma(rng.uniform(110, 150), rng.uniform(4, 22)))


def metal(rng: np.random.Generator) -> Color:
    return ycc(rng.uniform(90, 170), chroma(rng.uniform(0, 360), rng.uniform(0, 8)))


__all__ = ["SEAT_BACK", "Carpenter", "metal", "wood"]
