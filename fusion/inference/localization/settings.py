"""What turns scores of frames into segments, chosen on the validation split alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.inference.localization.frame_timelines import FrameTimeline
from triad.fusion.predictions.localization import (
    BACKGROUND,
    F1_OVERLAPS,
    ActionInstance,
    F1Counts,
    count_f1,
    count_scores,
    detect_instances,
    edit_score,
    event_average_precision,
    has_overlapping_classes,
    match_events,
    moving_average,
)

SMOOTHING_WINDOWS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Lengths of the moving average that are tried, in windows."""
THRESHOLDS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


class LocalizationSettings(NamedTuple):
    """How segments are made of the scores of frames.

    Attributes:
        smoothing: length of the moving average, seconds.
        threshold: score from which a frame belongs to a detected action.
        label_threshold: score from which a frame has the class of its highest score, else none; None where actions of
            several classes overlap, so that a frame has no single label.
    """

    smoothing: float
    threshold: float
    label_threshold: float | None

    def smooth(self, scores: np.ndarray, fps: float) -> np.ndarray:
        """Return the smoothed scores. Shapes: ``[T, K]``."""
        return moving_average(scores, odd_length(self.smoothing, fps))

    def detect(self, smoothed: np.ndarray, fps: float) -> list[ActionInstance]:
        """Return the detected actions. Shapes: ``[T, K]``."""
        return detect_instances(smoothed, self.threshold, fps)

    def label_frames(self, smoothed: np.ndarray) -> np.ndarray:
        """Return the class of each frame or the background. Shapes: ``[T, K]`` -> int ``[T]``."""
        return label_frames(smoothed, self.label_threshold or 0.0)


def odd_length(seconds: float, fps: float) -> int:
    """Return the odd number of frames that is nearest to a length."""
    return 2 * round(seconds * fps / 2 - 0.5) + 1 if seconds * fps > 1 else 1


def label_frames(scores: np.ndarray, threshold: float) -> np.ndarray:
    """Return the class of the highest score where it reaches the threshold, else the background.

    Shapes: ``[T, K]`` -> int ``[T]``.
    """
    return np.where(scores.max(axis=1) >= threshold, scores.argmax(axis=1), BACKGROUND)


def choose_settings(timelines: Sequence[FrameTimeline], *, fps: float, window: float) -> LocalizationSettings:
    """Return the settings that are best on validation videos.

    The smoothing is that of the highest frame mAP, the threshold of detection that of the highest event mAP, the
    threshold of single labels that of the highest mean of frame accuracy, edit score and F1@k. Of equal lengths the
    shortest is taken, so that nothing is smoothed without a gain; of equal thresholds the middle one.

    Args:
        timelines: validation videos.
        fps: frames per second.
        window: length of a window, seconds.
    """
    lengths = [share * window for share in SMOOTHING_WINDOWS]
    frame_maps = [_frame_map(timelines, odd_length(length, fps)) for length in lengths]
    smoothing = lengths[int(np.argmax(frame_maps))]
    smoothed = [moving_average(item.scores, odd_length(smoothing, fps)) for item in timelines]
    truth = [item.video.instances for item in timelines]
    event_maps = [_event_map(truth, smoothed, threshold, fps) for threshold in THRESHOLDS]
    label_threshold = None
    if not any(has_overlapping_classes(instances) for instances in truth):
        labels = [item.single_labels for item in timelines]
        thresholds = (0.0, *THRESHOLDS)
        values = [
            float(np.mean([*segmental_metrics(labels, [label_frames(item, level) for item in smoothed]).values()]))
            for level in thresholds
        ]
        label_threshold = thresholds[_middle_of_best(values)]
    return LocalizationSettings(smoothing, THRESHOLDS[_middle_of_best(event_maps)], label_threshold)


def _middle_of_best(values: Sequence[float]) -> int:
    best = np.flatnonzero(np.asarray(values) >= max(values) - 1e-9)
    return int(best[(len(best) - 1) // 2])


def segmental_metrics(truth: Sequence[np.ndarray], predicted: Sequence[np.ndarray]) -> dict[str, float]:
    """Return frame accuracy, the mean edit score of the videos, and F1 at each overlap, 0–1.

    Shapes: int ``[T]`` a video.
    """
    pairs = list(zip(truth, predicted, strict=True))
    num_correct = sum(int((expected == frame_classes).sum()) for expected, frame_classes in pairs)
    metrics: dict[str, Any] = {"frame_accuracy": num_correct / sum(len(expected) for expected in truth)}
    metrics["edit"] = float(np.mean([edit_score(expected, frame_classes) for expected, frame_classes in pairs]))
    for overlap in F1_OVERLAPS:
        counts = [count_f1(expected, frame_classes, overlap) for expected, frame_classes in pairs]
        metrics[f1_name(overlap)] = F1Counts(*np.sum(counts, axis=0).tolist()).f1
    return metrics


def f1_name(overlap: float) -> str:
    """Return the name of F1 at an overlap, as ``f1_25``."""
    return f"f1_{round(100 * overlap)}"


def _frame_map(timelines: Sequence[FrameTimeline], length: int) -> float:
    histogram = count_scores(
        [item.labels for item in timelines], [moving_average(item.scores, length) for item in timelines]
    )
    precisions = histogram.average_precision(np.ones((1, len(timelines))))[0]
    return float(np.nanmean(precisions)) if np.isfinite(precisions).any() else 0.0


def _event_map(
    truth: Sequence[Sequence[ActionInstance]], scores: Sequence[np.ndarray], threshold: float, fps: float
) -> float:
    detections = [detect_instances(array, threshold, fps) for array in scores]
    precisions = event_average_precision(match_events(truth, detections, num_classes=scores[0].shape[1]))
    return float(np.nanmean(precisions)) if np.isfinite(precisions).any() else 0.0
