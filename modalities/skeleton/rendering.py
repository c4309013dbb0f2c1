"""Drawing of a skeleton on a picture."""

from __future__ import annotations

import cv2
import numpy as np

from triad.modalities.checks import check_shape
from triad.modalities.skeleton.layouts import Layout

LEFT = (255, 140, 0)  # RGB
RIGHT = (0, 160, 255)
MIDDLE = (60, 220, 60)
GREY = 110
SHIFT = 4  # OpenCV takes fixed-point coordinates: 1/16 of a pixel


def draw_skeleton(
    frame: np.ndarray, pixels: np.ndarray, scores: np.ndarray, layout: Layout, *, thickness: int = 2
) -> np.ndarray:
    """Return a copy of ``frame`` with the bones and joints of one person: left orange, right blue, middle green.

    Joints of score 0, or without a known pixel (NaN), and their bones are left out; the lower a score below 1, the
    greyer the joint.

    Args:
        frame: picture, RGB.
        pixels: positions of the joints ``(x, y)``.
        scores: confidence of each joint.
        layout: layout of the joints.
        thickness: thickness of the bones in pixels.

    Shapes: uint8 ``[H, W, 3]``, ``[V, 2]``, ``[V]``.

    Raises:
        InputError: If the joints are not the layout's.
    """
    check_shape("frame", frame, ["H", "W", 3])
    check_shape(f"pixels of layout '{layout.name}'", pixels, ["V", 2], V=layout.num_joints)
    check_shape(f"scores of layout '{layout.name}'", scores, ["V"], V=layout.num_joints)
    scores = np.where(np.isnan(pixels).any(-1), 0, scores)
    pixels = np.nan_to_num(pixels)
    picture = np.ascontiguousarray(frame).copy()
    points = [tuple(int(value) for value in np.round(joint * 2**SHIFT)) for joint in np.clip(pixels, -1e4, 1e4)]
    for child, parent in layout.bones:
        if scores[child] > 0 and scores[parent] > 0:
            color = fade_to_grey(joint_color(layout.joints[child]), min(scores[child], scores[parent]))
            cv2.line(picture, points[child], points[parent], color, thickness, cv2.LINE_AA, SHIFT)
    for joint, name in enumerate(layout.joints):
        if scores[joint] > 0:
            color = fade_to_grey(joint_color(name), scores[joint])
            cv2.circle(picture, points[joint], (thickness << SHIFT) * 3 // 4, color, -1, cv2.LINE_AA, SHIFT)
    return picture


def joint_color(joint: str) -> tuple[int, int, int]:
    """Return the colour of a joint's side of the body."""
    return LEFT if joint.startswith("left_") else RIGHT if joint.startswith("right_") else MIDDLE


def fade_to_grey(color: tuple[int, int, int], score: float) -> tuple[int, int, int]:
    """Return a colour for a score: the colour itself at 1 and more, grey at 0."""
    weight = min(max(float(score), 0.0), 1.0)
    red, green, blue = (round(weight * value + (1 - weight) * GREY) for value in color)
    return red, green, blue
