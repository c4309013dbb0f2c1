"""Late fusion of streams whose samples show several classes or none: every class is fused by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self

import numpy as np
from scipy.special import expit, logit

from triad.fusion.late_fusion.averaging import normalize_weights, search_weights, weights_per_sample
from triad.fusion.late_fusion.calibration import Calibration, check_streams
from triad.fusion.predictions import Predictions, count_scores, to_probabilities
from triad.modalities.checks import fail

SMALLEST = 1e-7
"""Probability that is taken for 0, so that its logit is finite."""


def is_multi_label(predictions: Predictions) -> bool:
    """Return whether samples have several labels, or scores are those of independent classes."""
    return predictions.multi_label or "sigmoid" in predictions.kinds.values()


def linear_pool(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted arithmetic mean. Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``."""
    return (weights[..., None] * probabilities).sum(axis=0)


def logit_pool(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the sigmoid of the weighted mean of the logits: the normalised geometric mean of each class.

    Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``.
    """
    return expit((weights[..., None] * logit(probabilities.clip(SMALLEST, 1 - SMALLEST))).sum(axis=0))


def max_pool(probabilities: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the largest probability of the streams with a weight. Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``."""
    return np.where(weights[..., None] > 0, probabilities, 0.0).max(axis=0)


class MultiLabelFusion:
    """Pool of the probabilities of each class, with equal weights unless they are searched.

    Probabilities are sigmoids of scores of kind ``sigmoid`` and softmaxes of others; none is calibrated.

    Args:
        method: name of the pool: ``mean``, ``product``, ``max``, or ``weighted`` for the mean with the weights of the
            highest mean average precision on validation.

    Learned: ``weights_`` ``[S]``, ≥ 0, summing to 1.
    """

    kind = "sigmoid"
    reads_features = False

    def __init__(self, method: str) -> None:
        self.method = method

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Learn the weights of the streams on labelled multi-label validation predictions."""
        check_several_labels(val, "validation predictions")
        self.calibration_ = Calibration().set_unit_temperatures(val, streams)
        num_streams = len(self.calibration_.streams_)
        self.weights_ = np.full(num_streams, 1 / num_streams)
        if self.method == "weighted":
            probabilities, present = self._probabilities(val)
            labels = val.labels > 0

            def precision(weights: np.ndarray) -> float:
                pooled = linear_pool(probabilities, weights_per_sample(weights, present))
                values = count_scores([labels], [pooled]).average_precision(np.ones((1, 1)))[0]
                return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0

            self.weights_ = search_weights(precision, num_streams)
        return self

    def set_weights(self, predictions: Predictions, weights: Mapping[str, float]) -> Self:
        """Set fixed weights of the streams; nothing is learned.

        Raises:
            InputError: If a stream is unknown or has margins, or the weights are negative or all 0.
        """
        self.weights_ = normalize_weights(weights)
        self.calibration_ = Calibration().set_unit_temperatures(predictions, list(weights))
        return self

    def predict(self, test: Predictions) -> np.ndarray:
        """Return logits ``[N, K]``; those of probability 0 for a sample that has none of the streams."""
        probabilities, present = self._probabilities(test)
        pooled = _POOLS[self.method](probabilities, weights_per_sample(self.weights_, present))
        pooled[~np.logical_or.reduce(present)] = 0.0
        return logit(pooled.clip(SMALLEST, 1 - SMALLEST))

    def _probabilities(self, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities and the masks of presence. Shapes: ``[S, N, K]``, ``[S, N]``."""
        streams = check_streams(predictions, self.calibration_.streams_, "test")
        arrays = []
        for name in streams:
            scores = np.where(predictions.present[name][:, None], predictions.scores[name], 0.0)
            arrays.append(to_probabilities(scores, predictions.kinds[name]))
        return np.stack(arrays), np.array([predictions.present[name] for name in streams])


_POOLS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "mean": linear_pool,
    "product": logit_pool,
    "max": max_pool,
    "weighted": linear_pool,
}
MULTI_LABEL_METHODS = tuple(_POOLS)
"""Names of the fusions, simplest first."""


def check_several_labels(predictions: Predictions, subject: str) -> None:
    """Check that every sample says of each class whether it shows it.

    Raises:
        InputError: If samples have one label each, or none.
    """
    if not predictions.multi_label:
        fail(subject, "be multi-label as their scores are", "one label a sample")
    if not len(predictions) or not predictions.labelled.all():
        got = f"'{predictions.ids[~predictions.labelled][0]}' without" if len(predictions) else "no sample"
        fail(subject, "have labelled samples", got)
