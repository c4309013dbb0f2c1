"""Frame-wise average precision of each class over all frames of all videos.

As the evaluation of Dai et al. 2022, Toyota Smarthome Untrimmed, and of Charades: the mean over the positive frames of
the precision at their score, without interpolation; classes that no frame shows are left out of the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score

NUM_BINS = 512
"""Scores of a class that resamples tell apart."""


def frame_average_precision(labels: Sequence[np.ndarray], scores: Sequence[np.ndarray]) -> np.ndarray:
    """Return the average precision of each class, NaN for a class without a positive frame.

    Args:
        labels: mask of the classes that each frame shows, an array a video.
        scores: scores of each frame, an array a video.

    Shapes: bool and float ``[T, K]`` a video; returns ``[K]``.
    """
    num_classes = scores[0].shape[1]
    precisions = np.full(num_classes, np.nan)
    for label in range(num_classes):
        positive = np.concatenate([array[:, label] for array in labels])
        if positive.any():
            score = np.concatenate([array[:, label] for array in scores])
            precisions[label] = average_precision_score(positive, score)
    return precisions


@dataclass(frozen=True, eq=False)
class ScoreHistogram:
    """Numbers of frames of each video by their score, of which resamples of videos make their average precision.

    Args:
        positives: frames that show the class, from the highest score to the lowest, ``[K, V, bins]``.
        frames: all frames, likewise.
    """

    positives: np.ndarray
    frames: np.ndarray

    def average_precision(self, multiplicities: np.ndarray) -> np.ndarray:
        """Return the average precision of each class in each resample; NaN where it has no positive frame.

        Shapes: multiplicities ``[R, V]``; returns ``[R, K]``.
        """
        weights = multiplicities.astype(np.float64)
        precisions = np.full((len(weights), len(self.frames)), np.nan)
        for label, (positives, frames) in enumerate(zip(self.positives, self.frames, strict=True)):
            new_positives = weights @ positives  # [R, bins]
            num_positives = np.cumsum(new_positives, axis=1)
            num_frames = np.cumsum(weights @ frames, axis=1)
            precision = num_positives / np.maximum(num_frames, 1)
            total = num_positives[:, -1]
            np.divide((precision * new_positives).sum(axis=1), total, out=precisions[:, label], where=total > 0)
        return precisions


def count_scores(
    labels: Sequence[np.ndarray], scores: Sequence[np.ndarray], num_bins: int = NUM_BINS
) -> ScoreHistogram:
    """Return the numbers of frames by video and score; the bins of a class hold about equally many positive frames.

    Up to ``num_bins`` different scores of a class have a bin each, so that nothing is lost.

    Args:
        labels: mask of the classes that each frame shows, an array a video.
        scores: scores of each frame, an array a video.
        num_bins: number of bins.

    Shapes: bool and float ``[T, K]`` a video.
    """
    num_classes = scores[0].shape[1]
    shape = (num_classes, len(scores), num_bins)
    positives = np.zeros(shape, dtype=np.float32)
    frames = np.zeros(shape, dtype=np.float32)
    for label in range(num_classes):
        class_scores = np.concatenate([array[:, label] for array in scores])
        edges = _bin_edges(class_scores, np.concatenate([array[:, label] for array in labels]), num_bins)
        for video, (truth, score) in enumerate(zip(labels, scores, strict=True)):
            bins = len(edges) - np.searchsorted(edges, score[:, label], side="right")
            frames[label, video] = np.bincount(bins, minlength=num_bins)
            positives[label, video] = np.bincount(bins[truth[:, label]], minlength=num_bins)
    return ScoreHistogram(positives, frames)


def _bin_edges(scores: np.ndarray, positive: np.ndarray, num_bins: int) -> np.ndarray:
    """Return at most ``num_bins - 1`` increasing edges; a score equal to an edge lies above it.

    Three in four are quantiles of the scores of positive frames: those of a rare class are a small share of all.
    """
    distinct = np.unique(scores)
    if len(distinct) <= num_bins or not positive.any():
        return distinct[1:num_bins]
    num_edges = num_bins // 4
    of_all = np.quantile(scores, np.linspace(0, 1, num_edges + 1)[1:-1], method="inverted_cdf")
    num_edges = num_bins - 1 - len(of_all)
    of_positives = np.quantile(scores[positive], np.linspace(0, 1, num_edges), method="inverted_cdf")
    return np.unique(np.concatenate([of_all, of_positives]))
