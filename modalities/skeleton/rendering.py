"""A skeleton on a picture."""

from __future__ import annotations

import cv2
import numpy as np

from modalities.checks import check_shape
from modalities.skeleton.layouts import Layout

LEFT, RIGHT, MIDDLE = (255, 140, 0), (0, 160, 255), (60, 220, 60)  # RGB
GREY = 110
_SHIFT = 4  # OpenCV takes fixed-point coordinates: 1/16 of a pixel


def draw_skeleton(
    frame: np.ndarray, pixels: np.ndarray, scores: np.ndarray, layout: Layout, *, thickness: int = 2
) -> np.ndarray:
    """A copy of ``frame`` with one person's bones and joints: left side orange, right side blue, the middle green.

    Joints of score 0, and bones that end in one, are left out; the less sure a joint below score 1 is, the greyer.

    Shapes: ``frame`` uint8 ``[H, W, 3]`` RGB, ``pixels`` ``[V, 2]`` ``(x, y)``, ``scores`` ``[V]``.

    Raises:
        InputError: if the joints are not the layout's.
    """
    check_shape("frame", frame, ["H", "W", 3])
    check_shape(f"pixels of layout '{layout.name}'", pixels, ["V", 2], V=layout.num_joints)
    check_shape(f"scores of layout '{layout.name}'", scores, ["V"], V=layout.num_joints)
    picture = np.ascontiguousarray(frame).copy()
    places = [tuple(int(c) for c in np.round(joint * 2**_SHIFT)) for joint in np.clip(pixels, -1e4, 1e4)]
    for child, parent in layout.bones:
        if scores[child] > 0 and scores[parent] > 0:
            color = greyed(color_of(layout.joints[child]), min(scores[child], scores[parent]))
            cv2.line(picture, places[child], places[parent], color, thickness, cv2.LINE_AA, _SHIFT)
    for joint, name in enumerate(layout.joints):
        if scores[joint] > 0:
            color = greyed(color_of(name), scores[joint])
            cv2.circle(picture, places[joint], (thickness << _SHIFT) * 3 // 4, color, -1, cv2.LINE_AA, _SHIFT)
    return picture


def color_of(joint: str) -> tuple[int, int, int]:
    """The colour of a joint's side of the body, by its name."""
    return LEFT if joint.startswith("left_") else RIGHT if joint.startswith("right_") else MIDDLE


def greyed(color: tuple[int, int, int], score: float) -> tuple[int, int, int]:
    """A colour as strong as a score from 0 to 1 says."""
    sure = min(max(float(score), 0.0), 1.0)
    red, green, blue = (round(sure * value + (1 - sure) * GREY) for value in color)
    return red, green, blue
