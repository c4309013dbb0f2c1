"""Accuracy of scores over samples, over classes, and between two classes."""

from __future__ import annotations

import numpy as np

ABSENT = -1
"""Predicted class of a sample that has none of the streams; it never equals a label."""

_CHUNK_SIZE = 1024  # samples that are ranked at once
_NO_RANK = np.iinfo(np.int64).max


def predict_classes(scores: np.ndarray, present: np.ndarray | None = None) -> np.ndarray:
    """Return the class of the highest score, the first of equals, and :data:`ABSENT` where no stream is present.

    Shapes: scores ``[N, K]``, present ``[N]``; returns ``[N]``.
    """
    top_classes = scores.argmax(axis=1)
    return top_classes if present is None else np.where(present, top_classes, ABSENT)


def top_k_correct(scores: np.ndarray, labels: np.ndarray, k: int, present: np.ndarray | None = None) -> np.ndarray:
    """Return a mask that is true where the label is among the k highest scores; equal scores rank by class index.

    Shapes: scores ``[N, K]``, labels and present ``[N]``; returns ``[N]``.
    """
    correct = _label_ranks(scores, labels) < k
    return correct if present is None else correct & present


def _label_ranks(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how many classes come before the label of each sample; :data:`_NO_RANK` where there is no label.

    Shapes: scores ``[N, K]``, labels ``[N]``; returns ``[N]``.
    """
    num_classes = scores.shape[1]
    ranks = np.full(len(labels), _NO_RANK)
    for start in range(0, len(labels), _CHUNK_SIZE):
        rows = start + np.flatnonzero(labels[start : start + _CHUNK_SIZE] >= 0)
        own_classes = labels[rows, None]
        own_scores = np.take_along_axis(scores[rows], own_classes, axis=1)
        earlier = np.arange(num_classes) < own_classes  # [n, K]
        before = (scores[rows] > own_scores) | ((scores[rows] == own_scores) & earlier)
        ranks[rows] = np.where(np.isnan(own_scores[:, 0]), _NO_RANK, before.sum(axis=1))
    return ranks


def mean_class_accuracy(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Return the mean recall over the classes that occur in the labels (scikit-learn's balanced accuracy).

    Shapes: labels and predicted ``[N]``.
    """
    return float(np.nanmean(class_accuracy(labels, predicted, int(labels.max()) + 1)))


def class_accuracy(labels: np.ndarray, predicted: np.ndarray, num_classes: int) -> np.ndarray:
    """Return the recall of every class, NaN for a class without samples.

    Shapes: labels and predicted ``[N]``; returns ``[K]``.
    """
    num_samples = np.bincount(labels, minlength=num_classes)
    num_correct = np.bincount(labels[labels == predicted], minlength=num_classes)
    return np.divide(num_correct, num_samples, out=np.full(num_classes, np.nan), where=num_samples > 0)


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, num_classes: int) -> np.ndarray:
    """Count the samples of every true class (row) and predicted class (column), without :data:`ABSENT` ones.

    Shapes: labels and predicted ``[N]``; returns ``[K, K]``.
    """
    import sklearn.metrics  # takes half a second

    present = predicted != ABSENT
    if not present.any():
        return np.zeros((num_classes, num_classes), dtype=np.int64)
    return sklearn.metrics.confusion_matrix(labels[present], predicted[present], labels=np.arange(num_classes))


def pairwise_correct(
    scores: np.ndarray, labels: np.ndarray, pair: tuple[int, int], present: np.ndarray | None = None
) -> np.ndarray:
    """Return 1 for every sample of two classes whose true class scores higher than the other one, ½ for a tie, else 0.

    Scores of all other classes are ignored, and samples without the stream are left out.

    Shapes: scores ``[N, K]``, labels and present ``[N]``; returns ``[n]``, n ≤ N.
    """
    rows = np.isin(labels, pair) if present is None else np.isin(labels, pair) & present
    pair_scores = scores[rows][:, list(pair)].astype(np.float64)  # [n, 2]
    difference = pair_scores[:, 0] - pair_scores[:, 1]
    margin = np.where(labels[rows] == pair[0], difference, -difference)
    return (np.sign(margin) + 1) / 2
