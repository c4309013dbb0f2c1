"""Difference between the confidence of scores and their accuracy."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

NUM_BINS = 15
_CHUNK_SIZE = 1024  # samples that are converted at once


def calibration_error(
    scores: np.ndarray, labels: np.ndarray, *, temperature: float = 1.0, num_bins: int = NUM_BINS
) -> float:
    """Return the expected calibration error of ``softmax(scores / temperature)``, between 0 and 1.

    Samples are divided by the probability of their predicted class into bins of equal width; the error is the mean of
    ``|accuracy - mean probability|`` over the bins, weighted by their samples. M. P. Naeini, G. F. Cooper,
    M. Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning"; 15 bins as C. Guo et al.
    (2017), "On calibration of modern neural networks".

    Args:
        scores: logits, log-probabilities or margins, ``[N, K]``.
        labels: class of every sample, ``[N]``.
        temperature: divisor of the scores.
        num_bins: number of bins; a probability on the edge of two belongs to the lower one.

    Returns:
        The error; NaN where there is no sample.
    """
    if len(labels) == 0:
        return float("nan")
    confidence = np.zeros(len(labels))
    correct = np.zeros(len(labels), dtype=bool)
    for start in range(0, len(labels), _CHUNK_SIZE):
        rows = slice(start, start + _CHUNK_SIZE)
        probabilities = softmax(scores[rows].astype(np.float64) / temperature, axis=1)
        confidence[rows] = probabilities.max(axis=1)
        correct[rows] = probabilities.argmax(axis=1) == labels[rows]
    bins = np.clip(np.ceil(confidence * num_bins).astype(int) - 1, 0, num_bins - 1)
    gaps = np.bincount(bins, correct - confidence, minlength=num_bins)  # sums over the samples of a bin
    return float(np.abs(gaps).sum() / len(labels))
