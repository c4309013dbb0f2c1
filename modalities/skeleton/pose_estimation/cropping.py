"""Crops of persons, as a top-down pose model reads them, and the way back into pixels of the frame."""

from __future__ import annotations

import cv2
import numpy as np

MEAN = np.array([123.675, 116.28, 103.53], np.float32)
STD = np.array([58.395, 57.12, 57.375], np.float32)
"""ImageNet's mean and standard deviation of RGB from 0 to 255, with which nearly all pose models are trained."""
PADDING = 1.25


def crop_regions(boxes: np.ndarray, size_hw: tuple[int, int], *, padding: float = PADDING) -> np.ndarray:
    """Return boxes enlarged by ``padding`` and, about their centres, to the aspect ratio of the model's input.

    Args:
        boxes: pixels ``(x1, y1, x2, y2)``.
        size_hw: height and width of the model's input.
        padding: factor of the sides.

    Shapes: float32 ``[N, 4]`` -> float32 ``[N, 4]`` ``(centre x, centre y, width, height)``.
    """
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 1) * np.float32(padding)
    aspect = np.float32(size_hw[1] / size_hw[0])
    width = np.maximum(sides[:, 0], sides[:, 1] * aspect)
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.column_stack([center, width, width / aspect]).astype(np.float32)


def crop_frame(frame: np.ndarray, region: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Return a region at the size of the model's input, bilinear, black outside of the frame.

    Shapes: uint8 ``[H, W, 3]``, ``[4]`` -> uint8 ``[h, w, 3]``.
    """
    x, y, region_width, _ = region.tolist()
    height, width = size_hw
    scale = width / region_width
    matrix = np.array([[scale, 0, width / 2 - scale * x], [0, scale, height / 2 - scale * y]])
    return cv2.warpAffine(frame, matrix, (width, height), flags=cv2.INTER_LINEAR)


def normalise_images(images: np.ndarray) -> np.ndarray:
    """Return RGB uint8 ``[B, H, W, 3]`` as float32 ``[B, 3, H, W]``, normalised by ImageNet's mean and deviation."""
    return np.ascontiguousarray(((images - MEAN) / STD).transpose(0, 3, 1, 2))


def pixel_images(images: np.ndarray) -> np.ndarray:
    """Return RGB uint8 ``[B, H, W, 3]`` as int32, as networks read it that normalise by themselves."""
    return images.astype(np.int32)


def to_frame(points: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Return pixels of the frame from fractions of the crops' width and height.

    Shapes: float32 ``[N, V, 2]``, ``[N, 4]`` -> float32 ``[N, V, 2]``.
    """
    return (points - np.float32(0.5)) * regions[:, None, 2:] + regions[:, None, :2]
