"""Non-maximum suppression: one box a person."""

from __future__ import annotations

import numpy as np

from triad.modalities.detection.detections import Detections, ObjectDetections

MIN_SCORE = 0.1
"""Lowest score of a person: low, because the tracker also follows people whom the detector is not sure of."""
MAX_IOU = 0.65


def non_maximum_suppression(
    boxes: np.ndarray, scores: np.ndarray, frame_hw: tuple[int, ...], *, max_iou: float = MAX_IOU
) -> Detections:
    """Return boxes clipped to the frame, by descending score, without those that overlap one of a higher score.

    Boxes of which less than a pixel lies in the frame are left out.

    Args:
        boxes: pixels ``(x1, y1, x2, y2)``.
        scores: confidence of each box.
        frame_hw: height and width of the frame, pixels.
        max_iou: largest intersection over union of two boxes that both stay.

    Shapes: float32 ``[N, 4]``, ``[N]``.
    """
    detections = suppress_by_class(boxes, np.zeros(len(boxes), np.int64), scores, frame_hw, max_iou=max_iou)
    return Detections(detections.boxes, detections.scores)


def suppress_by_class(
    boxes: np.ndarray,
    labels: np.ndarray,
    scores: np.ndarray,
    frame_hw: tuple[int, ...],
    *,
    max_iou: float = MAX_IOU,
) -> ObjectDetections:
    """Return objects as :func:`non_maximum_suppression` does persons; objects of two classes may lie in one place.

    Args:
        boxes: pixels ``(x1, y1, x2, y2)``.
        labels: number of each box's class.
        scores: confidence of each box.
        frame_hw: height and width of the frame, pixels.
        max_iou: largest intersection over union of two boxes of one class that both stay.

    Shapes: float32 ``[N, 4]``, int64 ``[N]``, ``[N]``.
    """
    boxes, rows = suppress(boxes, labels, scores, frame_hw, max_iou=max_iou)
    return ObjectDetections(boxes, labels[rows], scores[rows].astype(np.float32))


def suppress(
    boxes: np.ndarray, labels: np.ndarray, scores: np.ndarray, frame_hw: tuple[int, ...], *, max_iou: float = MAX_IOU
) -> tuple[np.ndarray, np.ndarray]:
    """Return the boxes that stay, clipped to the frame, by descending score, and their rows.

    The arguments are those of :func:`suppress_by_class`.

    Shapes: float32 ``[K, 4]``, int64 ``[K]``.
    """
    import torch  # takes seconds, and commands without a detector would wait for it
    from torchvision.ops import batched_nms

    height, width = frame_hw
    boxes = np.clip(boxes, 0, np.array([width, height, width, height], np.float32)).astype(np.float32)
    visible = np.flatnonzero(((boxes[:, 2:] - boxes[:, :2]) >= 1).all(1))
    arrays = (boxes[visible], scores[visible].astype(np.float32), labels[visible])
    rows = visible[batched_nms(*(torch.from_numpy(array) for array in arrays), max_iou).numpy()]
    return boxes[rows], rows
