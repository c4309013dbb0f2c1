"""Base of the classifiers over blocks of columns: scaling, and the choice of parameters over groups."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from sklearn import clone, config_context
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import recall_score
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import Pipeline
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from triad.fusion.late_fusion.classifiers.group_folds import Folds, group_folds

NUM_FOLDS = 3


class BlockClassifier(ClassifierMixin, BaseEstimator):
    """Classifier over scaled blocks of columns whose parameters are chosen by cross-validation over groups.

    A subclass names its steps and its grid; the last step is ``classifier``. A missing (NaN) value becomes 0 once
    scaled, which is the mean of a standardised column.

    Attributes:
        classes_: classes of the fit, sorted.
        parameters_: values that the cross-validation chose.
        pipeline_: steps, fitted on all samples.
    """

    pipeline_: Pipeline

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Choose the parameters over folds of whole groups, and fit on all samples.

        Args:
            X: columns of all streams, ``[N, D]``; NaN where a sample lacks a stream.
            y: class of every sample, ``[N]``.
            groups: subject or source video of every sample, ``[N]``; None makes every sample a group.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"{type(self).__name__} needs two or more classes to learn from, got one class")
        folds = group_folds(labels, None if groups is None else np.asarray(groups), NUM_FOLDS)
        pipeline = self._build_pipeline()
        # values are checked above, and their check takes longer than the fit of a few hundred samples
        with config_context(assume_finite=True, skip_parameter_validation=True), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.parameters_ = choose_parameters(pipeline, self._grid(), X, labels, folds)
            pipeline[-1].set_params(**self.parameters_)
            columns = pipeline[:-1].fit_transform(X)
            fit_classifier(pipeline[-1], columns, labels)
        self.pipeline_ = pipeline
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the class of every sample, ``[N]``."""
        scores = self.class_scores(X)
        return self.classes_[scores.argmax(axis=1)]

    def _columns(self, X: Any) -> np.ndarray:
        """Return the columns that the last step reads."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return self.pipeline_[:-1].transform(X)

    def class_scores(self, X: Any) -> np.ndarray:
        """Return margins or log-probabilities of the classes of the fit, ``[N, K]``."""
        raise NotImplementedError

    def _build_pipeline(self) -> Pipeline:
        """Build the unfitted steps, of which the last is named ``classifier``."""
        raise NotImplementedError

    def _grid(self) -> Mapping[str, Sequence[float]]:
        """Return the values to choose from, by parameter of the last step; the simplest come first."""
        raise NotImplementedError

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class MarginClassifier(BlockClassifier):
    """Block classifier whose last step has distances to a hyperplane."""

    def decision_function(self, X: Any) -> np.ndarray:
        """Return margins ``[N, K]``, or ``[N]`` of the second class where there are two."""
        columns = self._columns(X)
        return self.pipeline_[-1].decision_function(columns)

    def class_scores(self, X: Any) -> np.ndarray:
        """Return margins ``[N, K]``, also where there are two classes."""
        margins = self.decision_function(X)
        return margins if margins.ndim == 2 else np.stack([-margins, margins], axis=1)


class ProbabilityClassifier(BlockClassifier):
    """Block classifier whose last step has probabilities."""

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probabilities of the classes, ``[N, K]``."""
        columns = self._columns(X)
        return self.pipeline_[-1].predict_proba(columns)

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Return the logarithm of the probabilities, ``[N, K]``, finite also where a probability is 0."""
        return np.log(np.maximum(self.predict_proba(X), np.finfo(np.float64).tiny))

    def class_scores(self, X: Any) -> np.ndarray:
        """Return log-probabilities ``[N, K]``."""
        return self.predict_log_proba(X)


def choose_parameters(
    pipeline: Pipeline, grid: Mapping[str, Sequence[float]], columns: np.ndarray, labels: np.ndarray, folds: Folds
) -> dict[str, float]:
    """Return the values of the grid with the best mean class accuracy over all held-out rows, the first of equals.

    All folds are evaluated together, because a fold of whole source videos need not hold every class. The steps before
    the classifier are fitted once a fold and shared by all values. The first values are returned where no fold holds
    two classes.

    Shapes: columns ``[N, D]``, labels ``[N]``.
    """
    candidates: list[dict[str, float]] = list(ParameterGrid({name: list(values) for name, values in grid.items()}))
    if len(candidates) == 1:
        return candidates[0]
    predicted = np.full((len(candidates), len(labels)), -1)
    for train_rows, test_rows in folds:
        if len(np.unique(labels[train_rows])) < 2:
            continue
        preprocessing = clone(pipeline[:-1])
        train_columns = preprocessing.fit_transform(columns[train_rows])
        test_columns = preprocessing.transform(columns[test_rows])
        for index, values in enumerate(candidates):
            classifier = clone(pipeline[-1]).set_params(**values)
            fit_classifier(classifier, train_columns, labels[train_rows])
            predicted[index, test_rows] = classifier.predict(test_columns)
    classes = np.unique(labels)
    accuracies = [recall_score(labels, row, labels=classes, average="macro", zero_division=0.0) for row in predicted]
    return candidates[int(np.argmax(np.round(accuracies, 9)))]


def fit_classifier(classifier: Any, columns: np.ndarray, labels: np.ndarray) -> None:
    """Fit a classifier with all classes of equal weight, as the mean class accuracy weighs them."""
    if "class_weight" in classifier.get_params():
        classifier.fit(columns, labels)
    else:
        class_sizes = np.bincount(labels)
        classifier.fit(columns, labels, sample_weight=len(labels) / ((class_sizes > 0).sum() * class_sizes[labels]))
