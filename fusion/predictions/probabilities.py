"""Probabilities of scores of each kind."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, softmax


def to_probabilities(scores: np.ndarray, kind: str) -> np.ndarray:
    """Return the probability of each class: independent ones for ``sigmoid``, else such that sum to 1.

    Those of the margins of an SVM are no calibrated probabilities.

    Args:
        scores: scores of finite values.
        kind: their kind, see :class:`~triad.fusion.predictions.Predictions`.

    Shapes: ``[…, K]``.
    """
    values = scores.astype(np.float64)
    return expit(values) if kind == "sigmoid" else softmax(values, axis=-1)
