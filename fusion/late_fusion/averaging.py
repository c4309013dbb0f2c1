"""Late fusion by an opinion pool: mean, product, and a mean with weights searched on validation.

J. Kittler, M. Hatef, R. Duin, J. Matas (1998), "On combining classifiers" (sum and product rule); C. Genest,
J. Zidek (1986), "Combining probability distributions" (linear and logarithmic pool).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations
from typing import Self

import numpy as np
from scipy.special import log_softmax, logsumexp

from fusion.late_fusion.calibration import Calibration
from fusion.predictions import Predictions, mean_class_accuracy
from modalities.checks import fail

COARSE, FINE = 10, 40
"""Steps of the weight search on the simplex: tenths first, fortieths around the best."""


def sample_weights(weights: np.ndarray, present: np.ndarray) -> np.ndarray:
    """``[S, N]``: the streams' weights over those a sample has, summing to 1.

    Where all weight lies on streams that a sample lacks, the ones it has share it equally; a sample without any
    stream gets equal weights (its log-probabilities are uniform anyway).

    Shapes: weights ``[S]`` ≥ 0, present ``[S, N]``.
    """
    shared = weights[:, None] * present
    shared = np.where(shared.sum(axis=0) > 0, shared, present)
    shared = np.where(shared.sum(axis=0) > 0, shared, 1.0)
    return shared / shared.sum(axis=0)


def linear_pool(log_probs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """``log Σ w p``: the weighted arithmetic mean. Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``."""
    return logsumexp(log_probs, axis=0, b=weights[..., None])


def log_pool(log_probs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """``Σ w log p``, normalised: the weighted geometric mean. Shapes: ``[S, N, K]``, ``[S, N]`` → ``[N, K]``."""
    return log_softmax((weights[..., None] * log_probs).sum(axis=0), axis=1)


class _Pool:
    """A pool of calibrated streams with weights that are equal unless a child searches them."""

    method: str
    kind = "logprob"
    pool: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Learn the temperatures, and what the rule needs beside them, on validation predictions."""
        self.calibration_ = Calibration().fit(val, streams)
        self.weights_ = self._search(val)
        return self

    def assume(self, predictions: Predictions, weights: Mapping[str, float]) -> Self:
        """Take the given weights of the streams, and their scores as they are; learns nothing.

        Raises:
            InputError: if a stream is unknown or has margins, or the weights are negative or all 0.
        """
        values = np.array(list(weights.values()), dtype=np.float64)
        if not (np.isfinite(values) & (values >= 0)).all() or not values.any():
            fail("weights of the streams", "be 0 or more, and one above 0", dict(weights))
        self.calibration_ = Calibration().assume(predictions, list(weights))
        self.weights_ = values / values.sum()
        return self

    def _search(self, val: Predictions) -> np.ndarray:
        return np.full(len(self.calibration_.streams_), 1 / len(self.calibration_.streams_))

    def predict(self, test: Predictions) -> np.ndarray:
        """``[N, K]`` log-probabilities; uniform for a sample that has none of the streams."""
        log_probs, present = self.calibration_.transform(test)
        return type(self).pool(log_probs, sample_weights(self.weights_, present))


class MeanFusion(_Pool):
    """Arithmetic mean of the streams' probabilities over those a sample has. Learns only temperatures."""

    method = "mean"
    pool = staticmethod(linear_pool)


class ProductFusion(_Pool):
    """Geometric mean of the streams' probabilities over those a sample has. Learns only temperatures."""

    method = "product"
    pool = staticmethod(log_pool)


class WeightedFusion(_Pool):
    """Arithmetic mean with the weights that :func:`search_weights` finds on validation.

    Learned: ``weights_`` ``[S]``, ≥ 0, summing to 1.
    """

    method = "weighted"
    pool = staticmethod(linear_pool)

    def _search(self, val: Predictions) -> np.ndarray:
        log_probs, present = self.calibration_.transform(val)

        def accuracy(weights: np.ndarray) -> float:
            pooled = linear_pool(log_probs, sample_weights(weights, present))
            return mean_class_accuracy(val.labels, pooled.argmax(axis=1))

        return search_weights(accuracy, len(log_probs))


def search_weights(objective: Callable[[np.ndarray], float], streams: int) -> np.ndarray:
    """The weights of highest objective found by a fixed search over the simplex; ties go to the most equal ones.

    First every point in tenths and the equal weights; then, from the best, moves of 1, 2 or 3 fortieths of weight
    from one stream to another as long as one is better, or as good and more equal. Nothing is drawn at random.

    Args:
        objective: of ``weights [S]``, to be maximised; accuracies are compared to 1e-9.
        streams: the number S of streams.
    """
    equal = np.full(streams, 1 / streams)

    def rank(weights: np.ndarray) -> tuple[float, float, tuple[float, ...]]:
        score = round(objective(weights), 9)
        return score, -round(float(((weights - equal) ** 2).sum()), 9), tuple(weights.tolist())

    best, best_rank = equal, rank(equal)
    for candidate in _simplex(streams):
        if (found := rank(candidate)) > best_rank:
            best, best_rank = candidate, found
    while True:
        moves = [(found, move) for move in _moves(best) if (found := rank(move)) > best_rank]
        if not moves:
            return best
        best_rank, best = max(moves, key=lambda pair: pair[0])


def _simplex(streams: int) -> Iterator[np.ndarray]:
    """All weights in multiples of 1 / COARSE: ``streams - 1`` bars among the stars."""
    for bars in combinations(range(COARSE + streams - 1), streams - 1):
        edges = (-1, *bars, COARSE + streams - 1)
        yield np.array([right - left - 1 for left, right in pairwise(edges)]) / COARSE


def _moves(weights: np.ndarray) -> Iterator[np.ndarray]:
    for giver, taker in permutations(range(len(weights)), 2):
        for steps in (1, 2, 3):
            moved = weights.copy()
            moved[giver] -= steps / FINE
            moved[taker] += steps / FINE
            if moved[giver] > -1e-9:
                yield np.maximum(moved, 0.0)
