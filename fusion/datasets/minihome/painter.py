"""Painting of static objects given in world metres: clipped polygons, boxes, and light from above."""

from __future__ import annotations

import cv2
import numpy as np

from triad.fusion.datasets.minihome.cameras import HEIGHT, WIDTH, Camera
from triad.fusion.datasets.minihome.colors import Color, shade
from triad.fusion.datasets.minihome.shapes import Shape

Point = tuple[float, float, float]
OVERSAMPLING = 2  # resolution of the canvas over that of the video, for smooth edges
SUBPIXEL_BITS = 4
NEAR = 0.2  # metres; surfaces nearer to the camera are cut away


def to_fixed_point(points: np.ndarray, oversampling: int = OVERSAMPLING) -> np.ndarray:
    """Return video pixels as OpenCV's fixed-point numbers on a canvas that is ``oversampling`` times finer."""
    canvas_points = (points + 0.5) * oversampling - 0.5
    return np.rint(canvas_points * (1 << SUBPIXEL_BITS)).astype(np.int32)


def fill_convex(canvas: np.ndarray, polygon: np.ndarray, color: Color) -> None:
    """Fill a convex polygon, int32 ``[P, 2]`` from :func:`to_fixed_point`, with smooth edges."""
    cv2.fillConvexPoly(canvas, polygon, color, cv2.LINE_AA, SUBPIXEL_BITS)


def clip_at_near_plane(polygon: np.ndarray) -> np.ndarray:
    """Return the piece of a convex polygon in camera metres beyond ``NEAR`` (Sutherland & Hodgman 1974)."""
    corners = []
    for point, next_point in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if point[2] >= NEAR:
            corners.append(point)
        if (point[2] >= NEAR) != (next_point[2] >= NEAR):
            corners.append(point + (NEAR - point[2]) / (next_point[2] - point[2]) * (next_point - point))
    return np.array(corners)


def rotate_about_vertical(heading: float, points: np.ndarray) -> np.ndarray:
    """Return points ``[..., 3]`` rotated so that the z axis turns ``heading`` radians towards x."""
    sin = np.sin(heading)
    cos = np.cos(heading)
    return points @ np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])


class Painter:
    """Painter on one canvas through one camera.

    Args:
        camera: camera of the picture.
        canvas: picture that is changed in place, uint8 ``[H * OVERSAMPLING, W * OVERSAMPLING, 3]``.
        mask: picture of the same size that is set to 255 wherever something is painted, or None.
    """

    def __init__(self, camera: Camera, canvas: np.ndarray, mask: np.ndarray | None = None) -> None:
        self.camera = camera
        self.canvas = canvas
        self.mask = mask

    def fill_pixels(self, polygon: np.ndarray, color: Color) -> None:
        """Fill a convex polygon in video pixels, ``[P, 2]``."""
        fixed = to_fixed_point(polygon)
        fill_convex(self.canvas, fixed, color)
        if self.mask is not None:
            fill_convex(self.mask, fixed, (255, 255, 255))

    def fill_polygon(self, points: np.ndarray, color: Color) -> None:
        """Fill a convex polygon in world metres, ``[P, 3]``."""
        visible = clip_at_near_plane(self.camera.to_camera(points))
        if len(visible) >= 3:
            self.fill_pixels(self.camera.project(visible), color)

    def fill_shapes(self, shapes: list[Shape]) -> None:
        """Fill shapes as they are at the first frame."""
        for shape in shapes:
            self.fill_pixels(shape.polygon()[0], shape.color)

    def fill_box(
        self, low: Point, high: Point, color: Color, *, heading: float = 0.0, origin: np.ndarray | None = None
    ) -> None:
        """Fill the visible sides of a box.

        Args:
            low: corner with the smallest coordinates.
            high: corner with the largest coordinates.
            color: colour under full light.
            heading: rotation of the frame of the corners about the vertical axis in radians.
            origin: origin of that frame in world metres; zero by default.
        """
        (x0, y0, z0), (x1, y1, z1) = low, high
        faces = (
            (0.62, [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)]),  # back
            (0.72, [(x0, y0, z0), (x0, y0, z1), (x0, y1, z1), (x0, y1, z0)]),  # low x
            (0.80, [(x1, y0, z0), (x1, y0, z1), (x1, y1, z1), (x1, y1, z0)]),  # high x
            (0.90, [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]),  # front
            (1.12, [(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)]),  # top
        )
        middle = rotate_about_vertical(heading, np.array([(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]))
        shift = origin if origin is not None else np.zeros(3)
        for brightness, corners in faces:
            points = rotate_about_vertical(heading, np.array(corners))
            outward = points.mean(0) - middle
            if outward @ (self.camera.position - (points.mean(0) + shift)) > 0:
                self.fill_polygon(points + shift, shade(color, brightness))

    def upright_segment(self, base: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray, float]:
        """Return the segment of a shape that stands upright, and the scale there.

        Args:
            base: foot of the segment in world metres, ``[3]``.
            height: length in metres.

        Returns:
            start and end in pixels, ``[1, 2]`` each, and pixels per metre.
        """
        ends = self.camera.to_camera(base + np.array([[0.0, 0.0, 0.0], [0.0, height, 0.0]]))
        pixels = self.camera.project(ends)
        return pixels[:1], pixels[1:], self.camera.focal / float(ends[0, 2])


def new_canvas() -> np.ndarray:
    """Return a black canvas."""
    return np.zeros((HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING, 3), np.uint8)
