"""Scores of evenly spaced frames from those of windows, and the instances that a threshold makes of them."""

from __future__ import annotations

import numpy as np

from triad.fusion.predictions.localization.action_instance import ActionInstance


def scores_of_frames(spans: np.ndarray, scores: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the mean score of the windows that cover each time; 0 where none does.

    Args:
        spans: start and end of each window, seconds.
        scores: scores of each window.
        times: increasing times, seconds.

    Shapes: ``[W, 2]``, ``[W, K]``, ``[T]``; returns float32 ``[T, K]``.
    """
    totals = np.zeros((len(times), scores.shape[1]), dtype=np.float32)
    num_windows = np.zeros(len(times), dtype=np.float32)
    firsts = np.searchsorted(times, spans[:, 0])
    ends = np.searchsorted(times, spans[:, 1])
    for first, end, row in zip(firsts, ends, scores, strict=True):
        totals[first:end] += row
        num_windows[first:end] += 1
    return totals / np.maximum(num_windows, 1)[:, None]


def moving_average(scores: np.ndarray, length: int) -> np.ndarray:
    """Return the mean of ``length`` frames around each frame, of fewer at both ends.

    Args:
        scores: scores of each frame.
        length: odd number of frames.

    Shapes: ``[T, K]``; returns float32 ``[T, K]``.
    """
    if length <= 1 or not len(scores):
        return scores.astype(np.float32)
    sums = np.concatenate([np.zeros((1, scores.shape[1])), np.cumsum(scores, axis=0, dtype=np.float64)])
    positions = np.arange(len(scores))
    first = np.maximum(positions - length // 2, 0)
    end = np.minimum(positions + length // 2 + 1, len(scores))
    return ((sums[end] - sums[first]) / (end - first)[:, None]).astype(np.float32)


def detect_instances(scores: np.ndarray, threshold: float, fps: float) -> list[ActionInstance]:
    """Return each run of frames in which the score of a class reaches the threshold, with the mean score of the run.

    Args:
        scores: scores of each frame.
        threshold: smallest score.
        fps: frames per second.

    Shapes: ``[T, K]``.
    """
    active = np.zeros((len(scores) + 2, scores.shape[1]), dtype=np.int8)
    active[1:-1] = scores >= threshold
    changes = np.diff(active, axis=0).T  # [K, T + 1]
    instances = []
    for label in np.flatnonzero((changes == 1).any(axis=1)):
        sums = np.concatenate([[0.0], np.cumsum(scores[:, label], dtype=np.float64)])
        for first, end in zip(np.flatnonzero(changes[label] == 1), np.flatnonzero(changes[label] == -1), strict=True):
            score = float(sums[end] - sums[first]) / int(end - first)
            instances.append(ActionInstance(float(first) / fps, float(end) / fps, int(label), score))
    return sorted(instances)
