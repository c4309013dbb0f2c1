"""Drawing still things given in world metres: clipped polygons, boxes, and a light that falls from above."""

from __future__ import annotations

import cv2
import numpy as np

from fusion.datasets.minihome.cameras import HEIGHT, WIDTH, Camera
from fusion.datasets.minihome.colors import Color, shade
from fusion.datasets.minihome.shapes import Shape

OVERSAMPLING = 2  # the canvas is that much finer than the video, so that edges are smooth
SUBPIXEL_BITS = 4
NEAR = 0.2  # metres: what is nearer to the camera is cut away


def to_fixed(points: np.ndarray, oversampling: int = OVERSAMPLING) -> np.ndarray:
    """Video pixels as OpenCV's fixed-point numbers on a canvas that is ``oversampling`` times finer."""
    fine = (points + 0.5) * oversampling - 0.5
    return np.rint(fine * (1 << SUBPIXEL_BITS)).astype(np.int32)


def fill(canvas: np.ndarray, fixed: np.ndarray, color: Color) -> None:
    """Fill a convex polygon, int32 ``[P, 2]`` from :func:`to_fixed`, with smooth edges."""
    cv2.fillConvexPoly(canvas, fixed, color, cv2.LINE_AA, SUBPIXEL_BITS)


def clip_near(polygon: np.ndarray) -> np.ndarray:
    """The part of a convex polygon in camera metres that lies beyond ``NEAR`` (Sutherland & Hodgman 1974)."""
    kept = []
    for point, following in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if point[2] >= NEAR:
            kept.append(point)
        if (point[2] >= NEAR) != (following[2] >= NEAR):
            kept.append(point + (NEAR - point[2]) / (following[2] - point[2]) * (following - point))
    return np.array(kept)


def turn(heading: float, points: np.ndarray) -> np.ndarray:
    """Rotate about the vertical axis, so that what faces z faces ``heading`` radians towards x; ``[..., 3]``."""
    sin, cos = np.sin(heading), np.cos(heading)
    return points @ np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])


class Painter:
    """Paints on one canvas through one camera.

    Args:
        canvas: uint8 ``[H * OVERSAMPLING, W * OVERSAMPLING, 3]``, changed in place.
        mask: uint8 of the same height and width; 255 where something has been painted, or None.
    """

    def __init__(self, camera: Camera, canvas: np.ndarray, mask: np.ndarray | None = None) -> None:
        self.camera, self.canvas, self.mask = camera, canvas, mask

    def pixels(self, polygon: np.ndarray, color: Color) -> None:
        """A convex polygon in video pixels."""
        fixed = to_fixed(polygon)
        fill(self.canvas, fixed, color)
        if self.mask is not None:
            fill(self.mask, fixed, (255, 255, 255))

    def polygon(self, points: np.ndarray, color: Color) -> None:
        """A convex polygon in world metres ``[P, 3]``."""
        visible = clip_near(self.camera.to_camera(points))
        if len(visible) >= 3:
            self.pixels(self.camera.project(visible), color)

    def shapes(self, shapes: list[Shape], time: int = 0) -> None:
        """Patches as they are at one frame."""
        for shape in shapes:
            self.pixels(shape.polygon()[time], shape.color)

    def box(
        self,
        low: tuple[float, float, float],
        high: tuple[float, float, float],
        color: Color,
        *,
        heading: float = 0.0,
        origin: np.ndarray | None = None,
    ) -> None:
        """A box between two corners, turned about the vertical axis and moved; only the sides one can see."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        faces = (
            (0.62, [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)]),  # back
            (0.72, [(x0, y0, z0), (x0, y0, z1), (x0, y1, z1), (x0, y1, z0)]),  # its right
            (0.80, [(x1, y0, z0), (x1, y0, z1), (x1, y1, z1), (x1, y1, z0)]),  # its left
            (0.90, [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]),  # front
            (1.12, [(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)]),  # top
        )
        middle = turn(heading, np.array([(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]))
        moved = origin if origin is not None else np.zeros(3)
        for light, corners in faces:
            points = turn(heading, np.array(corners))
            outward = points.mean(0) - middle
            if outward @ (self.camera.position - (points.mean(0) + moved)) > 0:
                self.polygon(points + moved, shade(color, light))

    def segment(self, base: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray, float]:
        """The upright segment of a thing that stands at ``base`` (world), for patches; and pixels per metre there."""
        ends = self.camera.to_camera(base + np.array([[0.0, 0.0, 0.0], [0.0, height, 0.0]]))
        pixels = self.camera.project(ends)
        return pixels[:1], pixels[1:], self.camera.focal / float(ends[0, 2])


def new_canvas() -> np.ndarray:
    return np.zeros((HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING, 3), np.uint8)
