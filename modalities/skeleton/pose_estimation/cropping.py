"""The part of a frame that a top-down pose model sees, and the way back into the frame's pixels."""

from __future__ import annotations

import cv2
import numpy as np

MEAN = np.array([123.675, 116.28, 103.53], np.float32)
STD = np.array([58.395, 57.12, 57.375], np.float32)
"""Of ImageNet, for RGB from 0 to 255; what nearly all pose models are trained with."""
PADDING = 1.25


def crop_regions(boxes: np.ndarray, size_hw: tuple[int, int], *, padding: float = PADDING) -> np.ndarray:
    """Boxes widened by ``padding`` and, about their centres, to the shape of the model's input.

    Shapes: float32 ``[N, 4]`` ``(x1, y1, x2, y2)`` -> float32 ``[N, 4]`` ``(centre x, centre y, width, height)``.
    """
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 1) * np.float32(padding)
    aspect = np.float32(size_hw[1] / size_hw[0])
    width = np.maximum(sides[:, 0], sides[:, 1] * aspect)
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.column_stack([center, width, width / aspect]).astype(np.float32)


def crop(frame: np.ndarray, region: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """A region at the size of the model's input, bilinear, black outside of the frame.

    Shapes: uint8 ``[H, W, 3]``, ``[4]`` -> uint8 ``[h, w, 3]``.
    """
    (x, y, width, _), (high, wide) = region.tolist(), size_hw
    scale = wide / width
    matrix = np.array([[scale, 0, wide / 2 - scale * x], [0, scale, high / 2 - scale * y]])
    return cv2.warpAffine(frame, matrix, (wide, high), flags=cv2.INTER_LINEAR)


def normalised(images: np.ndarray) -> np.ndarray:
    """RGB uint8 ``[B, H, W, 3]`` -> float32 ``[B, 3, H, W]`` of ImageNet's mean and deviation."""
    return np.ascontiguousarray(((images - MEAN) / STD).transpose(0, 3, 1, 2))


def to_frame(points: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """From shares of the crop's width and height to pixels of the frame.

    Shapes: float32 ``[N, V, 2]``, ``[N, 4]`` -> float32 ``[N, V, 2]``.
    """
    return (points - np.float32(0.5)) * regions[:, None, 2:] + regions[:, None, :2]
