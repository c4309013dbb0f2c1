"""Linear classifier of fixed feature vectors, fitted on training data by scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from triad.fusion.predictions import mean_class_accuracy
from triad.modalities.checks import fail

STRENGTHS = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1)
"""Inverse regularisations C of scikit-learn's LogisticRegression that are tried, weakest classifier first."""


class LinearProbe(NamedTuple):
    """Linear classifier on raw features.

    Attributes:
        weight: ``[K, C]``, rows of classes without a sample are zero.
        bias: ``[K]``, −30 for classes without a sample, so that they are never predicted.
        strength: inverse regularisation that was chosen.
        accuracy: mean class accuracy of that strength in cross-validation, 0–1.
    """

    weight: np.ndarray
    bias: np.ndarray
    strength: float
    accuracy: float


def fit_linear_probe(
    vectors: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    *,
    num_classes: int,
    strengths: Sequence[float] = STRENGTHS,
    folds: int = 4,
) -> LinearProbe:
    """Return the multinomial logistic regression of standardised features, with its scaling folded into the weights.

    The regularisation is the one with the best mean class accuracy in cross-validation inside the given samples, whose
    folds never divide a group; of equals the strongest.

    Args:
        vectors: feature vectors, ``[N, C]``.
        labels: class of each, int ``[N]``.
        groups: source of each sample, ``[N]``: recordings of one person or video, and draws of one sample, are one.
        num_classes: number of classes K.
        strengths: inverse regularisations to choose from.
        folds: number of folds.

    Raises:
        InputError: If there are fewer than two classes or than two groups.
    """
    if len(np.unique(labels)) < 2:
        fail("linear probe", "have samples of at least two classes", f"{len(np.unique(labels))}")
    if len(np.unique(groups)) < 2:
        fail("linear probe", "have samples of at least two sources", "1", "add recordings of another person or video")
    splitter = StratifiedGroupKFold(min(folds, len(np.unique(groups))))
    predicted = np.zeros((len(strengths), len(labels)), labels.dtype)
    for train, held_out in splitter.split(vectors, labels, groups):
        reduction = _reduction().fit(vectors[train])
        reduced = reduction.transform(vectors[train])
        reduced_held_out = reduction.transform(vectors[held_out])
        for row, strength in enumerate(strengths):
            classifier = _classifier(strength).fit(reduced, labels[train])
            predicted[row, held_out] = classifier.predict(reduced_held_out)
    accuracies = [mean_class_accuracy(labels, row) for row in predicted]
    best = int(np.argmax(accuracies))
    reduction = _reduction().fit(vectors)
    classifier = _classifier(strengths[best]).fit(reduction.transform(vectors), labels)
    weight, bias = _on_raw_features(reduction, classifier, num_classes)
    return LinearProbe(weight, bias, strengths[best], float(accuracies[best]))


def _reduction() -> Pipeline:
    """Return standardisation and a rotation into the space of the samples.

    With an L2 penalty the classifier lies in that space, so nothing is lost, and there are often fewer samples than
    features.
    """
    return make_pipeline(StandardScaler(), PCA(svd_solver="full"))


def _classifier(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=500)


def _on_raw_features(
    reduction: Pipeline, regression: LogisticRegression, num_classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return weight ``[K, C]`` and bias ``[K]`` on features that are neither standardised nor rotated."""
    scaler, rotation = (step for _, step in reduction.steps)
    coefficients, intercept = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:  # scikit-learn keeps the second class alone
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    standardised = coefficients @ rotation.components_
    raw = standardised / scaler.scale_
    weight = np.zeros((num_classes, raw.shape[1]), np.float32)
    bias = np.full(num_classes, -30.0, np.float32)
    weight[regression.classes_] = raw
    bias[regression.classes_] = intercept - standardised @ rotation.mean_ - raw @ scaler.mean_
    return weight, bias
