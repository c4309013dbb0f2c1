"""Event average precision of detected instances at thresholds of temporal IoU.

As the evaluation of ActivityNet: F. Caba Heilbron et al. (2015), "ActivityNet: A large-scale video benchmark for human
activity understanding". Detections of a class are taken by falling score over all videos; each matches the annotated
instance of its video with the highest IoU that none before it has matched. Precision is interpolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triad.fusion.predictions.localization.action_instance import ActionInstance

IOU_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
ROUNDING = 1e-9
"""Difference by which an IoU may miss a threshold for its arithmetic alone."""


def temporal_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the intersection over union of all pairs of spans.

    Shapes: a ``[P, 2]``, b ``[G, 2]``; returns ``[P, G]``.
    """
    starts = np.maximum(a[:, None, 0], b[None, :, 0])
    ends = np.minimum(a[:, None, 1], b[None, :, 1])
    intersection = np.maximum(ends - starts, 0.0)
    lengths = (a[:, 1] - a[:, 0])[:, None] + (b[:, 1] - b[:, 0])[None]
    return intersection / np.maximum(lengths - intersection, 1e-12)


@dataclass(frozen=True, eq=False)
class EventMatches:
    """Detections of one class by falling score, and which of them match an annotated instance.

    Args:
        video: index of the video of each detection, ``[P]``.
        correct: whether it matches, at each threshold, bool ``[I, P]``.
        num_truth: number of annotated instances of each video, ``[V]``.
    """

    video: np.ndarray
    correct: np.ndarray
    num_truth: np.ndarray

    def average_precision(self, multiplicities: np.ndarray) -> np.ndarray:
        """Return the interpolated average precision of resamples; NaN for one without an annotated instance.

        Args:
            multiplicities: how often each resample drew each video, ``[R, V]``; ones for the test set itself.

        Shapes: returns ``[R, I]``.
        """
        num_truth = multiplicities.astype(np.float64) @ self.num_truth  # [R]
        precisions = np.full((len(multiplicities), len(self.correct)), np.nan)
        if not len(self.video):
            precisions[num_truth > 0] = 0.0
            return precisions
        weights = multiplicities[:, self.video].astype(np.float32)  # [R, P]
        num_detections = np.cumsum(weights, axis=1, dtype=np.float64)
        for column, correct in enumerate(self.correct):
            gained = weights * correct
            precision = np.cumsum(gained, axis=1, dtype=np.float64) / np.maximum(num_detections, 1)
            interpolated = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
            area = (interpolated * gained).sum(axis=1)
            np.divide(area, num_truth, out=precisions[:, column], where=num_truth > 0)
        return precisions


def match_events(
    truth: Sequence[Sequence[ActionInstance]],
    detections: Sequence[Sequence[ActionInstance]],
    *,
    num_classes: int,
    iou_thresholds: Sequence[float] = IOU_THRESHOLDS,
) -> list[EventMatches]:
    """Return the matches of each class.

    Args:
        truth: annotated instances of each video.
        detections: detected instances of each video.
        num_classes: number K of classes.
        iou_thresholds: I thresholds of temporal IoU, above 0.
    """
    thresholds = np.asarray(iou_thresholds, dtype=np.float64)
    matches = []
    for label in range(num_classes):
        spans = [
            np.array([(item.start, item.end) for item in video if item.label == label]).reshape(-1, 2)
            for video in truth
        ]
        rows = [(number, item) for number, video in enumerate(detections) for item in video if item.label == label]
        rows.sort(key=lambda row: -row[1].score)
        correct = np.zeros((len(thresholds), len(rows)), dtype=bool)
        taken = [np.zeros((len(thresholds), len(array)), dtype=bool) for array in spans]
        for position, (video, item) in enumerate(rows):
            iou = temporal_iou(np.array([[item.start, item.end]]), spans[video])[0]  # [G]
            for candidate in np.argsort(-iou, kind="stable"):
                if iou[candidate] < thresholds.min() - ROUNDING:
                    break
                free = (iou[candidate] >= thresholds - ROUNDING) & ~taken[video][:, candidate] & ~correct[:, position]
                taken[video][free, candidate] = True
                correct[free, position] = True
        counts = np.array([len(array) for array in spans], dtype=np.float64)
        matches.append(EventMatches(np.array([video for video, _ in rows], dtype=np.int64), correct, counts))
    return matches


def event_average_precision(matches: Sequence[EventMatches]) -> np.ndarray:
    """Return the average precision of each class at each threshold; NaN for a class without annotated instances.

    Shapes: returns ``[K, I]``.
    """
    return np.stack([match.average_precision(np.ones((1, len(match.num_truth))))[0] for match in matches])
