"""Frames of a random texture that moves by given shifts."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np


def moving_texture(shifts: Sequence[tuple[int, int]], height: int = 72, width: int = 96) -> np.ndarray:
    """Return frames whose texture moves by whole pixels ``(dx, dy)`` from frame to frame.

    Shapes: uint8 ``[len(shifts) + 1, H, W, 3]``.
    """
    rng = np.random.default_rng(3)
    texture = cv2.GaussianBlur(rng.integers(0, 255, (height + 60, width + 60, 3), np.uint8), (0, 0), 1.5)
    texture = cv2.normalize(texture, None, 0, 255, cv2.NORM_MINMAX)
    x = y = 30
    frames = [texture[y : y + height, x : x + width]]
    for dx, dy in shifts:
        x -= dx
        y -= dy
        frames.append(texture[y : y + height, x : x + width])
    return np.stack(frames)
