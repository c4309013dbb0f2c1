"""Of boxes that show the same person, the surest one."""

from __future__ import annotations

import numpy as np

from modalities.skeleton.pose_estimation.interfaces import Detections

LEAST = 0.1
"""Score of a person, at least: low, because the tracker goes on with people of whom the detector is not sure."""
OVERLAP = 0.65


def nms(boxes: np.ndarray, scores: np.ndarray, frame_hw: tuple[int, ...], *, overlap: float) -> Detections:
    """Boxes cut to the frame, the surest first, without those that overlap a surer one by more than ``overlap``.

    Overlap is the share of the union. Boxes of which less than a pixel is in the frame are left out.

    Shapes: float32 ``[N, 4]``, ``[N]``.
    """
    height, width = frame_hw
    boxes = np.clip(boxes, 0, np.array([width, height, width, height], np.float32))
    order = np.argsort(-scores, kind="stable")
    order = order[((boxes[:, 2:] - boxes[:, :2]) >= 1).all(1)[order]]
    kept: list[int] = []
    for index in order:
        if not kept or overlaps(boxes[index][None], boxes[kept]).max() <= overlap:
            kept.append(int(index))
    return Detections(boxes[kept].astype(np.float32), scores[kept].astype(np.float32))


def overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union of each with each, 0 where both are empty.

    Shapes: ``[N, 4]``, ``[K, 4]`` -> ``[N, K]``.
    """
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), -1)
    areas = [np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), -1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None] - common
    return np.asarray(common / np.maximum(union, 1e-9))
