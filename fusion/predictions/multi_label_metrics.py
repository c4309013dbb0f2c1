"""Average precision of the classes of samples that show several classes or none, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import log_softmax

from triad.fusion.predictions.grouping import select_clusters
from triad.fusion.predictions.localization import frame_average_precision
from triad.fusion.predictions.localization.video_bootstrap import mean_of_known
from triad.fusion.predictions.predictions import Predictions
from triad.fusion.predictions.statistics import Interval, draw_multiplicities, expanded_percentiles

LOWEST = -1e30
"""Score of a class of a sample that lacks the stream: below all others."""
NUM_RESAMPLES = 1000
CHUNK_SIZE = 50
"""Resamples that are counted at once."""


def class_average_precision(predictions: Predictions, stream: str) -> np.ndarray:
    """Return the average precision of each class over all samples, NaN for a class that none shows.

    A sample that lacks the stream ranks last.

    Args:
        predictions: labelled multi-label predictions.
        stream: name of the scores.

    Shapes: returns ``[K]``.
    """
    return frame_average_precision([predictions.labels > 0], [present_scores(predictions, stream)])


def present_scores(predictions: Predictions, stream: str) -> np.ndarray:
    """Return the scores that rank samples: lowest where one lacks the stream, log-probabilities of a softmax's logits.

    Shapes: returns float64 ``[N, K]``.
    """
    scores = predictions.scores[stream].astype(np.float64)
    if predictions.kinds[stream] == "logit":
        scores = log_softmax(np.where(predictions.present[stream][:, None], scores, 0.0), axis=1)
    return np.where(predictions.present[stream][:, None], scores, LOWEST)


class SampleBootstrap:
    """Resamples of labelled multi-label predictions: samples, or all samples of a person or video, are drawn together.

    Args:
        predictions: labelled multi-label predictions.
        resamples: number R of resamples.
        seed: seed of the random draw.

    Attributes:
        unit: name of a unit that is drawn: ``subject``, ``source_video`` or ``sample``.
        num_units: number U of them.
        multiplicities: how often each resample drew each unit, ``[R, U]``.
    """

    def __init__(self, predictions: Predictions, *, resamples: int = NUM_RESAMPLES, seed: int = 0) -> None:
        self.unit, groups = select_clusters(predictions.groups)
        self._unit_of = np.arange(len(predictions)) if groups is None else np.unique(groups, return_inverse=True)[1]
        self._positive = predictions.labels > 0
        self.num_units = int(self._unit_of.max()) + 1
        self.multiplicities = draw_multiplicities(self.num_units, resamples=resamples, seed=seed)

    def mean_average_precisions(self, scores: np.ndarray) -> np.ndarray:
        """Return the mean average precision of each resample over the classes that it shows.

        Shapes: scores ``[N, K]``; returns ``[R]``.
        """
        precisions = [
            self._average_precisions(positive, class_scores)
            for positive, class_scores in zip(self._positive.T, scores.T, strict=True)
        ]
        return mean_of_known(np.stack(precisions, axis=1))

    def _average_precisions(self, positive: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """Return the average precision of one class in each resample; NaN for one that does not show it.

        Precision is needed only where positive samples lie: ranked samples are summed between them.

        Shapes: positive and scores ``[N]``; returns ``[R]``.
        """
        order = np.argsort(-scores, kind="stable")
        ends = np.unique(np.searchsorted(-scores[order], -scores[positive], side="right"))  # after all equal scores
        precisions = np.full(len(self.multiplicities), np.nan)
        if not len(ends):
            return precisions
        starts = np.concatenate([[0], ends[:-1]])
        ranked = order[: ends[-1]]
        for row in range(0, len(precisions), CHUNK_SIZE):
            weights = self.multiplicities[row : row + CHUNK_SIZE, self._unit_of[ranked]]  # [r, n]
            num_samples = np.add.reduceat(weights, starts, axis=1, dtype=np.float64).cumsum(axis=1)
            new_positives = np.add.reduceat(weights * positive[ranked], starts, axis=1, dtype=np.float64)
            num_positives = new_positives.cumsum(axis=1)
            area = (num_positives / np.maximum(num_samples, 1) * new_positives).sum(axis=1)
            total = num_positives[:, -1]
            np.divide(area, total, out=precisions[row : row + CHUNK_SIZE], where=total > 0)
        return precisions

    def interval(self, values: np.ndarray) -> Interval:
        """Return the 95 % interval of a metric from its values in the resamples. Shapes: ``[R]``."""
        return expanded_percentiles(values, self.num_units, 0.95)


def compute_multi_label_metrics(predictions: Predictions, stream: str) -> dict[str, Any]:
    """Return the mean average precision with its 95 % interval and that of each class, as JSON values.

    Args:
        predictions: labelled multi-label predictions.
        stream: name of the stream, ``fused`` included.
    """
    precisions = class_average_precision(predictions, stream)
    if not np.isfinite(precisions).any():
        return {}
    bootstrap = SampleBootstrap(predictions)
    resampled = bootstrap.mean_average_precisions(present_scores(predictions, stream))
    return {
        "mean_average_precision": float(np.nanmean(precisions)),
        "ci95": bootstrap.interval(resampled),
        "ci95_over": bootstrap.unit,
        "ci95_units": bootstrap.num_units,
        "ci95_resamples": NUM_RESAMPLES,
        "per_class": {
            name: None if np.isnan(value) else float(value)
            for name, value in zip(predictions.classes, precisions, strict=True)
        },
    }
