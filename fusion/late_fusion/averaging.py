"""Late fusion by an opinion pool: mean, product, maximum, and a mean with weights searched on validation.

J. Kittler, M. Hatef, R. Duin, J. Matas (1998), "On combining classifiers" (sum, product and max rule); C. Genest,
J. Zidek (1986), "Combining probability distributions" (linear and logarithmic pool).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations
from typing import Self

import numpy as np
from scipy.special import log_softmax, logsumexp

from triad.fusion.late_fusion.calibration import Calibration
from triad.fusion.predictions import Predictions, mean_class_accuracy
from triad.modalities.checks import fail

COARSE_STEPS = 10
"""Steps along an edge of the simplex in the first, exhaustive weight search."""

FINE_STEPS = 40
"""Steps along an edge of the simplex in the local search that follows."""

_CHUNK_SIZE = 1024  # samples that are pooled at once: the work takes several copies of all streams


def normalize_weights(weights: Mapping[str, float]) -> np.ndarray:
    """Return the weights of the streams, in their order, divided by their sum. Shapes: returns ``[S]``.

    Raises:
        InputError: If a weight is negative or not finite, or all are 0.
    """
    values = np.array(list(weights.values()), dtype=np.float64)
    if not (np.isfinite(values) & (values >= 0)).all() or not values.any():
        fail("weights of the streams", "be 0 or more, and one above 0", dict(weights))
    return values / values.sum()


def weights_per_sample(weights: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Distribute the weights of the streams over those that a sample has; the weights of a sample sum to 1.

    Where all weight lies on streams that a sample lacks, its present streams share it equally. A sample without any
    stream gets equal weights; its log-probabilities are uniform.

    Shapes: weights ``[S]`` ≥ 0, present ``[S, N]``; returns ``[S, N]``.
    """
    masked = weights[:, None] * present
    masked = np.where(masked.sum(axis=0) > 0, masked, present)
    masked = np.where(masked.sum(axis=0) > 0, masked, 1.0)
    return masked / masked.sum(axis=0)


def linear_pool(log_probs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``log Σ w p``, the weighted arithmetic mean. Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``."""
    return logsumexp(log_probs, axis=0, b=weights[..., None])


def log_pool(log_probs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``Σ w log p``, normalised: the weighted geometric mean. Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``."""
    return log_softmax((weights[..., None] * log_probs).sum(axis=0), axis=1)


def max_pool(log_probs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the largest log-probability of the streams with a weight, normalised.

    Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``.
    """
    return log_softmax(np.where(weights[..., None] > 0, log_probs, -np.inf).max(axis=0), axis=1)


class _OpinionPool:
    """Pool of calibrated streams, with equal weights unless a subclass searches them."""

    method: str
    kind = "logprob"
    reads_features = False
    pool: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Learn temperatures and weights of the streams on validation predictions."""
        self.calibration_ = Calibration().fit(val, streams)
        self.weights_ = self._find_weights(val)
        return self

    def set_weights(self, predictions: Predictions, weights: Mapping[str, float]) -> Self:
        """Set fixed weights of the streams, and take their scores without calibration; nothing is learned.

        Raises:
            InputError: If a stream is unknown or has margins, or the weights are negative or all 0.
        """
        self.weights_ = normalize_weights(weights)
        self.calibration_ = Calibration().set_unit_temperatures(predictions, list(weights))
        return self

    def _find_weights(self, val: Predictions) -> np.ndarray:
        num_streams = len(self.calibration_.streams_)
        return np.full(num_streams, 1 / num_streams)

    def predict(self, test: Predictions) -> np.ndarray:
        """Return log-probabilities ``[N, K]``, uniform for a sample that has none of the streams."""
        if len(test) > _CHUNK_SIZE:
            chunks = np.array_split(np.arange(len(test)), len(test) // _CHUNK_SIZE + 1)
            return np.concatenate([self.predict(test.select(rows)) for rows in chunks])
        log_probs, present = self.calibration_.transform(test)
        return type(self).pool(log_probs, weights_per_sample(self.weights_, present))


class MeanFusion(_OpinionPool):
    """Arithmetic mean of the probabilities of the streams that a sample has. Learns only temperatures."""

    method = "mean"
    pool = staticmethod(linear_pool)


class ProductFusion(_OpinionPool):
    """Geometric mean of the probabilities of the streams that a sample has. Learns only temperatures."""

    method = "product"
    pool = staticmethod(log_pool)


class MaxFusion(_OpinionPool):
    """Largest probability that any stream of a sample gives a class. Learns only temperatures."""

    method = "max"
    pool = staticmethod(max_pool)


class WeightedFusion(_OpinionPool):
    """Arithmetic mean with the weights that :func:`search_weights` finds on validation.

    Learned: ``weights_`` ``[S]``, ≥ 0, summing to 1.
    """

    method = "weighted"
    pool = staticmethod(linear_pool)

    def _find_weights(self, val: Predictions) -> np.ndarray:
        log_probs, present = self.calibration_.transform(val)

        def accuracy(weights: np.ndarray) -> float:
            pooled = linear_pool(log_probs, weights_per_sample(weights, present))
            return mean_class_accuracy(val.labels, pooled.argmax(axis=1))

        return search_weights(accuracy, len(log_probs))


def search_weights(objective: Callable[[np.ndarray], float], num_streams: int) -> np.ndarray:
    """Search the simplex of weights for the highest objective; ties go to the most equal weights.

    The search first tries equal weights and every point in tenths. From the best point it then moves 1, 2 or 3
    fortieths of weight from one stream to another, as long as a move is better, or as good and more equal. It is
    deterministic.

    Args:
        objective: function of the weights ``[S]`` to be maximised; values are compared to 1e-9.
        num_streams: number S of streams.
    """
    equal_weights = np.full(num_streams, 1 / num_streams)

    def rank(weights: np.ndarray) -> tuple[float, float, tuple[float, ...]]:
        inequality = round(float(((weights - equal_weights) ** 2).sum()), 9)
        return round(objective(weights), 9), -inequality, tuple(weights.tolist())

    best = equal_weights
    best_rank = rank(equal_weights)
    for candidate in _grid_points(num_streams):
        if (candidate_rank := rank(candidate)) > best_rank:
            best = candidate
            best_rank = candidate_rank
    while True:
        ranked_moves = [(rank(candidate), candidate) for candidate in _local_moves(best)]
        improvements = [ranked for ranked in ranked_moves if ranked[0] > best_rank]
        if not improvements:
            return best
        best_rank, best = max(improvements, key=lambda ranked: ranked[0])


def _grid_points(num_streams: int) -> Iterator[np.ndarray]:
    """Yield all weights in multiples of 1 / COARSE_STEPS, by stars and bars."""
    for bars in combinations(range(COARSE_STEPS + num_streams - 1), num_streams - 1):
        edges = (-1, *bars, COARSE_STEPS + num_streams - 1)
        yield np.array([right - left - 1 for left, right in pairwise(edges)]) / COARSE_STEPS


def _local_moves(weights: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the weights with 1 to 3 fine steps moved from one stream to another."""
    for source, target in permutations(range(len(weights)), 2):
        for steps in (1, 2, 3):
            moved = weights.copy()
            moved[source] -= steps / FINE_STEPS
            moved[target] += steps / FINE_STEPS
            if moved[source] > -1e-9:
                yield np.maximum(moved, 0.0)
