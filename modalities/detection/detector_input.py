"""Frames in a square of grey, as detectors read them, and the way back into pixels of the frame."""

from __future__ import annotations

import cv2
import numpy as np

GREY = 114
GPU_BATCH_SIZE = 8
"""Frames that a detector takes at once on a GPU."""


def letterbox_scale(frame_hw: tuple[int, ...], size_hw: tuple[int, int]) -> float:
    """Return the factor from pixels of the frame to those of the network's input."""
    return min(size_hw[0] / frame_hw[0], size_hw[1] / frame_hw[1])


def letterbox(frame: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Return the frame in the upper left of a grey square, scaled to touch two of its sides; BGR from 0 to 255.

    Shapes: uint8 ``[H, W, 3]``, RGB -> float32 ``[3, h, w]``.
    """
    scale = letterbox_scale(frame.shape[:2], size_hw)
    height, width = (max(int(side * scale), 1) for side in frame.shape[:2])
    square = np.full((*size_hw, 3), GREY, np.uint8)
    square[:height, :width] = cv2.resize(frame, (width, height), interpolation=cv2.INTER_LINEAR)
    return square[..., ::-1].transpose(2, 0, 1).astype(np.float32)
