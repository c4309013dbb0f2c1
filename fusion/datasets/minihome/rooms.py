"""Rooms: walls, floor, furniture and decoration, among it look-alikes of held objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from triad.fusion.datasets.minihome.cameras import Camera
from triad.fusion.datasets.minihome.colors import Color, chroma, mix, shade, ycc_to_rgb
from triad.fusion.datasets.minihome.objects import board, hat, plant, random_surface, vessel
from triad.fusion.datasets.minihome.painter import Painter, new_canvas

BACK_WALL = -1.45  # z in metres
SIDE_WALL = 2.3  # x in metres
CEILING = 2.6  # y in metres


@dataclass(frozen=True, repr=False)
class RoomPainter:
    """Painter of one random room.

    Args:
        painter: painter on the background canvas.
        rng: generator of everything in the room.
    """

    painter: Painter
    rng: np.random.Generator

    def random_color(self, luma: tuple[float, float], hue: tuple[float, float], strength: tuple[float, float]) -> Color:
        """Return a random colour from ranges of luma, hue and strength, drawn in this order."""
        return ycc_to_rgb(self.rng.uniform(*luma), chroma(self.rng.uniform(*hue), self.rng.uniform(*strength)))

    def fill_rectangle(
        self, x: tuple[float, float], y: tuple[float, float], color: Color, *, z: float = BACK_WALL
    ) -> None:
        """Fill a rectangle parallel to the back wall."""
        points = [(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)]
        self.painter.fill_polygon(np.array(points), color)

    def draw_walls(self) -> None:
        """Draw a striped back wall, side walls and skirting boards."""
        wall = self.random_color((150, 215), (0, 360), (2, 13))
        stripe = shade(wall, self.rng.uniform(0.93, 1.05))
        side = shade(wall, 0.88)
        skirting = shade(wall, 0.7) if self.rng.random() < 0.5 else (232, 230, 224)
        self.fill_rectangle((-SIDE_WALL, SIDE_WALL), (0, CEILING), wall)
        step = self.rng.uniform(0.14, 0.4)
        for x in np.arange(-SIDE_WALL, SIDE_WALL - step / 2, step):
            self.fill_rectangle((x, x + step / 2), (0, CEILING), stripe)
        for x in (-SIDE_WALL, SIDE_WALL):
            for height, color in ((CEILING, side), (0.09, shade(skirting, 0.85))):
                corners = [(x, 0, BACK_WALL), (x, 0, 4), (x, height, 4), (x, height, BACK_WALL)]
                self.painter.fill_polygon(np.array(corners), color)
        self.fill_rectangle((-SIDE_WALL, SIDE_WALL), (0, 0.09), skirting)

    def draw_floor(self) -> None:
        """Draw floor boards, and a rug in some rooms."""
        color = self.random_color((85, 160), (90, 170), (4, 20))
        width = self.rng.uniform(0.18, 0.35)
        for number, left in enumerate(np.arange(-SIDE_WALL, SIDE_WALL, width)):
            tone = shade(color, (0.93, 1.0, 0.97, 1.04)[(number + self.rng.integers(2)) % 4])
            right = min(left + width, SIDE_WALL)
            corners = [(left, 0, BACK_WALL), (right, 0, BACK_WALL), (right, 0, 3.0), (left, 0, 3.0)]
            self.painter.fill_polygon(np.array(corners), tone)
        if self.rng.random() < 0.6:
            rug = self.random_color((90, 170), (0, 360), (3, 16))
            for margin, tone in ((0.0, shade(rug, 0.8)), (0.08, rug)):
                x = 1.0 - margin
                z = 0.75 - margin
                self.painter.fill_polygon(np.array([(-x, 0, -z), (x, 0, -z), (x, 0, z), (-x, 0, z)]), tone)

    def draw_window(self, x: float) -> None:
        """Draw a window with two panes."""
        sky = ycc_to_rgb(self.rng.uniform(195, 230), chroma(330, self.rng.uniform(4, 14)))
        self.fill_rectangle((x - 0.38, x + 0.38), (1.05, 1.95), (236, 234, 228))
        for low in (-0.33, 0.02):
            self.fill_rectangle((x + low, x + low + 0.31), (1.1, 1.9), sky)
            self.fill_rectangle((x + low, x + low + 0.31), (1.1, 1.3), mix(sky, (110, 140, 100), 0.5))

    def draw_door(self, x: float) -> None:
        """Draw a door with two panels and a handle."""
        color = ycc_to_rgb(self.rng.uniform(90, 200), chroma(130, self.rng.uniform(2, 20)))
        self.fill_rectangle((x - 0.44, x + 0.44), (0, 2.08), shade(color, 1.15))
        self.fill_rectangle((x - 0.37, x + 0.37), (0, 2.0), color)
        for low, high in ((0.2, 0.9), (1.1, 1.8)):
            self.fill_rectangle((x - 0.24, x + 0.24), (low, high), shade(color, 0.86))
        self.fill_rectangle((x + 0.27, x + 0.33), (0.98, 1.06), (70, 66, 60))

    def draw_picture(self, x: float) -> None:
        """Draw a framed picture."""
        low = self.rng.uniform(1.2, 1.45)
        width = self.rng.uniform(0.2, 0.3)
        self.fill_rectangle((x - width, x + width), (low, low + 0.5), (64, 54, 46))
        paper = self.random_color((120, 220), (0, 360), (2, 15))
        self.fill_rectangle((x - width + 0.04, x + width - 0.04), (low + 0.04, low + 0.46), paper)
        self.fill_rectangle((x - width + 0.04, x + 0.3 * width), (low + 0.04, low + 0.2), shade(paper, 0.75))

    def draw_shelf(self, x: float) -> None:
        """Draw two boards on the wall with books and look-alikes."""
        wood = ycc_to_rgb(self.rng.uniform(80, 150), chroma(130, 16))
        for height in (1.15, 1.6):
            self.painter.fill_box((x - 0.42, height - 0.04, BACK_WALL), (x + 0.42, height, BACK_WALL + 0.24), wood)
            self.draw_objects(x, 0.36, height, BACK_WALL + 0.12, books=True)

    def draw_cabinet(self, x: float) -> None:
        """Draw a chest of drawers with look-alikes on top."""
        front_z = BACK_WALL + 0.4
        wood = ycc_to_rgb(self.rng.uniform(80, 190), chroma(130, self.rng.uniform(3, 18)))
        self.painter.fill_box((x - 0.42, 0, BACK_WALL), (x + 0.42, 0.82, front_z), wood)
        for low in (0.08, 0.32, 0.56):
            self.fill_rectangle((x - 0.37, x + 0.37), (low, low + 0.2), shade(wood, 0.78), z=front_z)
            self.fill_rectangle((x - 0.06, x + 0.06), (low + 0.09, low + 0.12), shade(wood, 0.5), z=front_z)
        self.draw_objects(x, 0.34, 0.82, BACK_WALL + 0.22, books=False)

    def draw_objects(self, x: float, half: float, y: float, z: float, *, books: bool) -> None:
        """Draw up to three objects in a row: muted books or vases, cups, cans, books, tablets, hats.

        Args:
            x: middle of the row.
            half: half of its length.
            y: height of the surface.
            z: depth of the row.
            books: whether muted objects are rows of books, not vases.
        """
        rng = self.rng
        for shift in np.linspace(-half, half, 4)[:3] + rng.uniform(0.0, 0.15, 3):
            base = np.array([x + shift, y, z])
            kind = rng.choice(["none", "muted", "vessel", "board", "hat"], p=[0.25, 0.45, 0.14, 0.06, 0.1])
            height = {"vessel": 0.21, "board": 0.30, "hat": 0.15}.get(str(kind), rng.uniform(0.14, 0.26))
            start, end, scale = self.painter.upright_segment(base, height)
            tint = random_surface(rng, cool=bool(rng.random() < 0.5))
            luma = rng.uniform(112, 135)
            if kind == "vessel":
                self.painter.fill_shapes(vessel(start, end, scale, tint, luma))
            elif kind == "board":
                self.painter.fill_shapes(board(start, end, 0.17 * scale, tint, luma))
            elif kind == "hat":
                color = ycc_to_rgb(rng.uniform(60, 150), chroma(rng.uniform(0, 360), 16))
                self.painter.fill_shapes(hat(start, end, scale, color))
            elif kind == "muted":
                for number in range(4 if books else 1):
                    color = self.random_color((60, 190), (0, 360), (2, 18))
                    left = base[0] + 0.05 * number
                    width = 0.045 if books else 0.12
                    self.painter.fill_box((left, y, z - 0.05), (left + width, y + height, z + 0.05), color)

    def draw_plant(self, x: float) -> None:
        """Draw a potted plant on the floor."""
        start, end, scale = self.painter.upright_segment(np.array([x, 0.0, BACK_WALL + 0.35]), 0.5)
        self.painter.fill_shapes(plant(start, end, 1.4 * scale, ycc_to_rgb(self.rng.uniform(80, 130), chroma(225, 22))))

    def draw_furniture(self) -> None:
        """Draw five random pieces of furniture and decoration along the back wall."""
        draw_functions: tuple[Callable[[float], None], ...] = (
            *(self.draw_window, self.draw_door, self.draw_picture, self.draw_shelf),
            *(self.draw_cabinet, self.draw_cabinet, self.draw_plant),
        )
        positions = np.array([-1.75, -0.85, 0.0, 0.85, 1.75]) + self.rng.uniform(-0.08, 0.08, 5)
        for position, index in zip(positions, self.rng.permutation(len(draw_functions)), strict=False):
            draw_functions[index](float(position))


def cast_shadow(camera: Camera, canvas: np.ndarray, position: np.ndarray) -> None:
    """Darken the floor softly around a person at ``position`` (world metres), before furniture is drawn."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    darkness = np.zeros_like(canvas)
    for radius in (0.42, 0.34, 0.26):
        circle = position + radius * np.stack([1.2 * np.cos(angles), 0 * angles, np.sin(angles)], axis=-1)
        disc = np.zeros_like(canvas)
        Painter(camera, disc).fill_polygon(circle, (22, 22, 22))
        darkness += disc
    np.copyto(canvas, cv2.multiply(canvas, 255 - cv2.blur(darkness, (9, 9)), scale=1 / 255))


def apply_light(canvas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the canvas under uneven light, with a little dirt on the walls."""
    height, width = canvas.shape[:2]
    corners = rng.uniform(0.82, 1.05, (2, 2)).astype(np.float32)
    brightness = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    dirt = cv2.resize(rng.normal(0, 0.018, (60, 80)).astype(np.float32), (width, height))
    return np.clip(canvas * (brightness + dirt)[..., None], 0, 255).astype(np.uint8)


def draw_room(camera: Camera, rng: np.random.Generator) -> np.ndarray:
    """Return a canvas with a random room."""
    canvas = new_canvas()
    room = RoomPainter(Painter(camera, canvas), rng)
    room.draw_walls()
    room.draw_floor()
    room.draw_furniture()
    return canvas
