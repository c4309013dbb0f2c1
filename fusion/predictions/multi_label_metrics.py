"""Average precision of the classes of samples that show several classes or none, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import log_softmax

from triad.fusion.predictions.grouping import select_clusters
from triad.fusion.predictions.localization import (
    ScoreHistogram,
    count_scores,
    frame_average_precision,
)
from triad.fusion.predictions.predictions import Predictions
from triad.fusion.predictions.statistics import draw_multiplicities, expanded_percentiles

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
        num_units: number of them.
    """

    def __init__(self, predictions: Predictions, *, resamples: int = NUM_RESAMPLES, seed: int = 0) -> None:
        self.unit, groups = select_clusters(predictions.groups)
        units = np.arange(len(predictions)) if groups is None else np.unique(groups, return_inverse=True)[1]
        self.num_units = int(units.max()) + 1
        self.labels = [predictions.labels[units == unit] > 0 for unit in range(self.num_units)]
        self._rows = [np.flatnonzero(units == unit) for unit in range(self.num_units)]
        self.multiplicities = draw_multiplicities(self.num_units, resamples=resamples, seed=seed)

    def mean_average_precisions(self, scores: np.ndarray) -> np.ndarray:
        """Return the mean average precision of each resample over the classes that it shows.

        Shapes: scores ``[N, K]``; returns ``[R]``.
        """
        values = []
        num_classes = scores.shape[1]
        for label in range(num_classes):
            histogram: ScoreHistogram = count_scores(
                [labels[:, label : label + 1] for labels in self.labels],
                [scores[rows, label : label + 1] for rows in self._rows],
            )
            chunks = range(0, len(self.multiplicities), CHUNK_SIZE)
            values.append(
                np.concatenate(
                    [histogram.average_precision(self.multiplicities[row : row + CHUNK_SIZE])[:, 0] for row in chunks]
                )
            )
        precisions = np.stack(values, axis=1)  # [R, K]
        counts = np.isfinite(precisions).sum(axis=1)
        totals = np.nansum(precisions, axis=1)
        return np.divide(totals, counts, out=np.full(len(precisions), np.nan), where=counts > 0)

    def interval(self, values: np.ndarray) -> list[float] | None:
        """Return the interval of a metric from its values in the resamples. Shapes: ``[R]``."""
        finite = values[np.isfinite(values)]
        return expanded_percentiles(finite, self.num_units, 0.95) if len(finite) else None


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
