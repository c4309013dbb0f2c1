"""How often a set of scores is right: over samples, over classes, between two classes."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import confusion_matrix

ABSENT = -1
"""The prediction of a sample that has none of the streams: always wrong, never a class by accident."""


def predict_classes(scores: np.ndarray, present: np.ndarray | None = None) -> np.ndarray:
    """``[N]`` index of the highest score, the first of equals; :data:`ABSENT` where nothing is present.

    Shapes: scores ``[N, K]``, present ``[N]``.
    """
    best = scores.argmax(axis=1)
    return best if present is None else np.where(present, best, ABSENT)


def top_k_correct(scores: np.ndarray, labels: np.ndarray, k: int, present: np.ndarray | None = None) -> np.ndarray:
    """``[N]`` whether the label is among the k highest scores; of equal scores the earlier class ranks higher."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]  # [N, k]
    found = (best == labels[:, None]).any(axis=1)
    return found if present is None else found & present


def mean_class_accuracy(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Mean of the recall of every class that the labels hold (scikit-learn's balanced accuracy)."""
    return float(np.nanmean(class_accuracy(labels, predicted, int(labels.max()) + 1)))


def class_accuracy(labels: np.ndarray, predicted: np.ndarray, num_classes: int) -> np.ndarray:
    """``[K]`` recall of each class; NaN for a class without samples."""
    count = np.bincount(labels, minlength=num_classes)
    hit = np.bincount(labels[labels == predicted], minlength=num_classes)
    return np.divide(hit, count, out=np.full(num_classes, np.nan), where=count > 0)


def confusion(labels: np.ndarray, predicted: np.ndarray, num_classes: int) -> np.ndarray:
    """``[K, K]`` counts, truth by row and prediction by column; absent predictions are left out."""
    told = predicted != ABSENT
    if not told.any():
        return np.zeros((num_classes, num_classes), dtype=np.int64)
    return confusion_matrix(labels[told], predicted[told], labels=np.arange(num_classes))


def pairwise_correct(
    scores: np.ndarray, labels: np.ndarray, pair: tuple[int, int], present: np.ndarray | None = None
) -> np.ndarray:
    """``[n]`` over the samples of two classes: 1 where the true one scores higher than the other, ½ where equal.

    All other classes are ignored: the question is whether the scores can tell these two apart. Samples without the
    stream cannot answer it and are left out.

    Shapes: scores ``[N, K]``, labels ``[N]``, n ≤ N.
    """
    rows = np.isin(labels, pair) if present is None else np.isin(labels, pair) & present
    two = scores[rows][:, list(pair)].astype(np.float64)  # [n, 2]
    lead = np.where(labels[rows] == pair[0], two[:, 0] - two[:, 1], two[:, 1] - two[:, 0])
    return (np.sign(lead) + 1) / 2
