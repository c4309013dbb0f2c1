"""Rooms: walls, floor, and what stands and hangs about, look-alikes of held things among it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from fusion.datasets.minihome.cameras import Camera
from fusion.datasets.minihome.colors import Color, chroma, mix, shade, ycc
from fusion.datasets.minihome.objects import board, hat, plant, surface, vessel
from fusion.datasets.minihome.painter import Painter

BACK, SIDE, CEILING = -1.45, 2.3, 2.6  # metres: the back wall, the side walls, the height


@dataclass(frozen=True, repr=False)
class Room:
    """Draws one random room.

    Args:
        painter: on the background canvas.
        rng: decides about everything in the room.
    """

    painter: Painter
    rng: np.random.Generator

    def quad(self, x: tuple[float, float], y: tuple[float, float], z: float, color: Color) -> None:
        """A rectangle parallel to the back wall."""
        points = [(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)]
        self.painter.polygon(np.array(points), color)

    def walls(self) -> None:
        rng, paint = self.rng, self.painter.polygon
        wall = ycc(rng.uniform(150, 215), chroma(rng.uniform(0, 360), rng.uniform(2, 13)))
        stripe, side = shade(wall, rng.uniform(0.93, 1.05)), shade(wall, 0.88)
        skirting = shade(wall, 0.7) if rng.random() < 0.5 else (232, 230, 224)
        self.quad((-SIDE, SIDE), (0, CEILING), BACK, wall)
        step = rng.uniform(0.14, 0.4)
        for x in np.arange(-SIDE, SIDE - step / 2, step):
            self.quad((x, x + step / 2), (0, CEILING), BACK, stripe)
        for x in (-SIDE, SIDE):
            corners = [(x, 0, BACK), (x, 0, 4), (x, CEILING, 4), (x, CEILING, BACK)]
            paint(np.array(corners), side)
            low = [(x, 0, BACK), (x, 0, 4), (x, 0.09, 4), (x, 0.09, BACK)]
            paint(np.array(low), shade(skirting, 0.85))
        self.quad((-SIDE, SIDE), (0, 0.09), BACK, skirting)

    def floor(self) -> None:
        rng, paint = self.rng, self.painter.polygon
        color = ycc(rng.uniform(85, 160), chroma(rng.uniform(90, 170), rng.uniform(4, 20)))
        width = rng.uniform(0.18, 0.35)
        for number, x in enumerate(np.arange(-SIDE, SIDE, width)):
            tone = shade(color, (0.93, 1.0, 0.97, 1.04)[(number + rng.integers(2)) % 4])
            right = min(x + width, SIDE)
            paint(np.array([(x, 0, BACK), (right, 0, BACK), (right, 0, 3.0), (x, 0, 3.0)]), tone)
        if rng.random() < 0.6:
            rug = ycc(rng.uniform(90, 170), chroma(rng.uniform(0, 360), rng.uniform(3, 16)))
            for grow, tone in ((0.0, shade(rug, 0.8)), (0.08, rug)):
                x, z = 1.0 - grow, 0.75 - grow
                paint(np.array([(-x, 0, -z), (x, 0, -z), (x, 0, z), (-x, 0, z)]), tone)

    def window(self, x: float) -> None:
        sky = ycc(self.rng.uniform(195, 230), chroma(330, self.rng.uniform(4, 14)))
        self.quad((x - 0.38, x + 0.38), (1.05, 1.95), BACK, (236, 234, 228))
        for low in (-0.33, 0.02):
            self.quad((x + low, x + low + 0.31), (1.1, 1.9), BACK, sky)
            self.quad((x + low, x + low + 0.31), (1.1, 1.3), BACK, mix(sky, (110, 140, 100), 0.5))

    def door(self, x: float) -> None:
        color = ycc(self.rng.uniform(90, 200), chroma(130, self.rng.uniform(2, 20)))
        self.quad((x - 0.44, x + 0.44), (0, 2.08), BACK, shade(color, 1.15))
        self.quad((x - 0.37, x + 0.37), (0, 2.0), BACK, color)
        for low, high in ((0.2, 0.9), (1.1, 1.8)):
            self.quad((x - 0.24, x + 0.24), (low, high), BACK, shade(color, 0.86))
        self.quad((x + 0.27, x + 0.33), (0.98, 1.06), BACK, (70, 66, 60))

    def picture(self, x: float) -> None:
        rng = self.rng
        low, width = rng.uniform(1.2, 1.45), rng.uniform(0.2, 0.3)
        self.quad((x - width, x + width), (low, low + 0.5), BACK, (64, 54, 46))
        paper = ycc(rng.uniform(120, 220), chroma(rng.uniform(0, 360), rng.uniform(2, 15)))
        self.quad((x - width + 0.04, x + width - 0.04), (low + 0.04, low + 0.46), BACK, paper)
        self.quad((x - width + 0.04, x + 0.3 * width), (low + 0.04, low + 0.2), BACK, shade(paper, 0.75))

    def shelf(self, x: float) -> None:
        """Boards on the wall with books and look-alikes."""
        wood = ycc(self.rng.uniform(80, 150), chroma(130, 16))
        for height in (1.15, 1.6):
            self.painter.box((x - 0.42, height - 0.04, BACK), (x + 0.42, height, BACK + 0.24), wood)
            self.stand_on(x, 0.36, height, BACK + 0.12, books=True)

    def cabinet(self, x: float) -> None:
        """A chest of drawers with look-alikes on top."""
        wood = ycc(self.rng.uniform(80, 190), chroma(130, self.rng.uniform(3, 18)))
        self.painter.box((x - 0.42, 0, BACK), (x + 0.42, 0.82, BACK + 0.4), wood)
        for low in (0.08, 0.32, 0.56):
            self.quad((x - 0.37, x + 0.37), (low, low + 0.2), BACK + 0.4, shade(wood, 0.78))
            self.quad((x - 0.06, x + 0.06), (low + 0.09, low + 0.12), BACK + 0.4, shade(wood, 0.5))
        self.stand_on(x, 0.34, 0.82, BACK + 0.22, books=False)

    def stand_on(self, x: float, half: float, y: float, z: float, *, books: bool) -> None:
        """Two or three things in a row: muted books or vases, cups, cans, books, tablets, hats."""
        rng = self.rng
        for place in np.linspace(-half, half, 4)[:3] + rng.uniform(0.0, 0.15, 3):
            base = np.array([x + place, y, z])
            kind = rng.choice(["none", "muted", "vessel", "board", "hat"], p=[0.25, 0.45, 0.14, 0.06, 0.1])
            height = {"vessel": 0.21, "board": 0.30, "hat": 0.15}.get(str(kind), rng.uniform(0.14, 0.26))
            start, end, scale = self.painter.segment(base, height)
            tint, luma = surface(rng, cool=bool(rng.random() < 0.5)), rng.uniform(112, 135)
            if kind == "vessel":
                self.painter.shapes(vessel(start, end, scale, tint, luma))
            elif kind == "board":
                self.painter.shapes(board(start, end, 0.17 * scale, tint, luma))
            elif kind == "hat":
                self.painter.shapes(hat(start, end, scale, ycc(rng.uniform(60, 150), chroma(rng.uniform(0, 360), 16))))
            elif kind == "muted":
                for number in range(4 if books else 1):
                    tone = ycc(rng.uniform(60, 190), chroma(rng.uniform(0, 360), rng.uniform(2, 18)))
                    left = base[0] + 0.05 * number
                    width = 0.045 if books else 0.12
                    self.painter.box((left, y, z - 0.05), (left + width, y + height, z + 0.05), tone)

    def greenery(self, x: float) -> None:
        start, end, scale = self.painter.segment(np.array([x, 0.0, BACK + 0.35]), 0.5)
        self.painter.shapes(plant(start, end, 1.4 * scale, ycc(self.rng.uniform(80, 130), chroma(225, 22))))

    def furnish(self) -> None:
        kinds: tuple[Callable[[float], None], ...] = (
            *(self.window, self.door, self.picture, self.shelf, self.cabinet, self.cabinet, self.greenery),
        )
        places = np.array([-1.75, -0.85, 0.0, 0.85, 1.75]) + self.rng.uniform(-0.08, 0.08, 5)
        for place, kind in zip(places, self.rng.permutation(len(kinds)), strict=False):
            kinds[kind](float(place))


def cast_shadow(camera: Camera, canvas: np.ndarray, place: np.ndarray) -> None:
    """Darken the floor softly about ``place`` (world metres), where a person stands; furniture comes later."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    mask = np.zeros_like(canvas)
    for radius in (0.42, 0.34, 0.26):
        circle = place + radius * np.stack([1.2 * np.cos(angles), 0 * angles, np.sin(angles)], axis=-1)
        layer = np.zeros_like(canvas)
        Painter(camera, layer).polygon(circle, (22, 22, 22))
        mask += layer
    np.copyto(canvas, cv2.multiply(canvas, 255 - cv2.blur(mask, (9, 9)), scale=1 / 255))


def light(canvas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The canvas under light that falls from one side, with a little dirt on the walls."""
    height, width = canvas.shape[:2]
    corners = rng.uniform(0.82, 1.05, (2, 2)).astype(np.float32)
    field = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    grain = cv2.resize(rng.normal(0, 0.018, (60, 80)).astype(np.float32), (width, height))
    return np.clip(canvas * (field + grain)[..., None], 0, 255).astype(np.uint8)


def draw_room(camera: Camera, canvas: np.ndarray, rng: np.random.Generator) -> None:
    """Paint a random room on the canvas."""
    room = Room(Painter(camera, canvas), rng)
    room.walls()
    room.floor()
    room.furnish()
