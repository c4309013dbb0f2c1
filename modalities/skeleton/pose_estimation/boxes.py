"""Overlap of boxes."""

from __future__ import annotations

import numpy as np


def box_iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the intersection over union of every pair of boxes, 0 where both are empty.

    Args:
        first: boxes ``(x1, y1, x2, y2)``.
        second: boxes to compare them with.

    Shapes: ``[N, 4]``, ``[K, 4]`` -> ``[N, K]``.
    """
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    intersection = np.prod(np.maximum(high - low, 0), -1)
    areas = [np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), -1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None] - intersection
    return np.asarray(intersection / np.maximum(union, 1e-9))
