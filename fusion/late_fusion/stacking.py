"""Late fusion by a linear classifier over all streams: SVM on scores, SVM on features, logistic stacking."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from scipy.special import log_softmax
from sklearn import clone, config_context
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler
from sklearn.svm import LinearSVC

from fusion.late_fusion.calibration import Calibration
from fusion.late_fusion.folds import Folds, grouped_folds
from fusion.predictions import ABSENT, Predictions, mean_class_accuracy
from modalities.checks import fail

C_GRID = (0.01, 0.1, 1.0, 10.0)
NUM_FOLDS = 3


def choose_c(pipeline: Pipeline, columns: np.ndarray, labels: np.ndarray, folds: Folds) -> float:
    """Return the C of :data:`C_GRID` with the best mean class accuracy over all held-out rows, the smallest of equals.

    All folds are evaluated together, because a fold of whole source videos need not hold every class. The steps before
    the classifier are fitted once a fold and shared by all C.

    Shapes: columns ``[N, D]``, labels ``[N]``.
    """
    predicted = np.full((len(C_GRID), len(labels)), ABSENT)
    for train_rows, test_rows in folds:
        if len(np.unique(labels[train_rows])) < 2:
            continue
        preprocessing = clone(pipeline[:-1])
        train_columns = preprocessing.fit_transform(columns[train_rows])
        test_columns = preprocessing.transform(columns[test_rows])
        for index, c in enumerate(C_GRID):
            classifier = clone(pipeline[-1]).set_params(C=c).fit(train_columns, labels[train_rows])
            predicted[index, test_rows] = classifier.predict(test_columns)
    accuracies = [round(mean_class_accuracy(labels, predicted_classes), 9) for predicted_classes in predicted]
    return C_GRID[int(np.argmax(accuracies))]


class _StackedClassifier:
    """Scikit-learn pipeline over the columns of all streams, its C chosen by grouped cross-validation.

    Learned: ``calibration_``, ``widths_`` ``{stream: number of columns}``, ``pipeline_``, ``C_``.
    """

    method: str
    kind = "margin"

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Fit calibration, C and classifier on validation predictions.

        Raises:
            InputError: If they hold fewer than two classes, or lack a stream.
        """
        self.calibration_ = Calibration().fit(val, streams)
        if len(np.unique(val.labels)) < 2:
            fail("validation predictions", "hold two or more classes to learn from", "one")
        blocks = self._column_blocks(val)
        self.widths_ = {name: block.shape[1] for name, block in blocks.items()}
        columns = np.hstack(list(blocks.values()))
        with config_context(assume_finite=True, skip_parameter_validation=True):  # checked above, and much faster
            self.C_ = choose_c(self._build_pipeline(), columns, val.labels, grouped_folds(val, NUM_FOLDS))
            self.pipeline_ = self._build_pipeline().set_params(classifier__C=self.C_).fit(columns, val.labels)
        return self

    def predict(self, test: Predictions) -> np.ndarray:
        """Return scores ``[N, K]`` of :attr:`kind`; a class without validation samples ranks below all others."""
        blocks = self._column_blocks(test)
        widths = {name: block.shape[1] for name, block in blocks.items()}
        if widths != self.widths_:
            fail("columns of the test predictions", f"be {self.widths_} a stream, as in the fit", widths)
        fitted_scores = self._decision_scores(np.hstack(list(blocks.values())))  # [N, fitted classes]
        scores = np.repeat(fitted_scores.min(axis=1, keepdims=True) - 1.0, len(test.classes), axis=1)
        scores[:, self.pipeline_.classes_] = fitted_scores
        return scores if self.kind == "margin" else log_softmax(scores, axis=1)

    def _column_blocks(self, predictions: Predictions) -> dict[str, np.ndarray]:
        """Return the input columns ``[N, D]`` of every stream."""
        raise NotImplementedError

    def _build_pipeline(self) -> Pipeline:
        """Build the unfitted pipeline, whose last step is named ``classifier``."""
        raise NotImplementedError

    def _decision_scores(self, columns: np.ndarray) -> np.ndarray:
        margins = self.pipeline_.decision_function(columns)
        return margins if margins.ndim == 2 else np.stack([-margins, margins], axis=1)

    def _apply_per_stream(self, step: Pipeline | Normalizer) -> ColumnTransformer:
        edges = np.cumsum([0, *self.widths_.values()]).tolist()
        column_lists = [list(range(start, end)) for start, end in pairwise(edges)]
        return ColumnTransformer(
            [(name, step, columns) for name, columns in zip(self.widths_, column_lists, strict=True)]
        )


class SvmFusion(_StackedClassifier):
    """Linear SVM over the stacked, L2-normalised softmax scores of the streams; zeros for an absent stream.

    K. Simonyan, A. Zisserman (2014), "Two-stream convolutional networks for action recognition in videos".
    """

    method = "svm"

    def _column_blocks(self, predictions: Predictions) -> dict[str, np.ndarray]:
        log_probs, present = self.calibration_.transform(predictions)
        probabilities = np.where(present[..., None], np.exp(log_probs), 0.0)  # [S, N, K]
        return dict(zip(self.calibration_.streams_, probabilities, strict=True))

    def _build_pipeline(self) -> Pipeline:
        # the primal problem: there are few columns, and no random order of the samples
        classifier = LinearSVC(dual=False, class_weight="balanced", max_iter=10_000)
        return Pipeline([("normalise", self._apply_per_stream(Normalizer())), ("classifier", classifier)])


class SvmFeatureFusion(_StackedClassifier):
    """Linear SVM over the pooled features of the streams, standardised and then L2-normalised within each stream.

    An absent stream contributes the mean of the validation samples, which is zero after standardisation.
    """

    method = "svm_features"

    def _column_blocks(self, predictions: Predictions) -> dict[str, np.ndarray]:
        streams = self.calibration_.streams_
        if missing := [name for name in streams if name not in predictions.features]:
            cure = "dump them with features, or take --method svm, which needs scores only"
            fail("predictions for svm_features", "hold features of every stream", f"none of {missing}", cure)
        return {
            name: np.where(predictions.present[name][:, None], predictions.features[name], np.nan) for name in streams
        }

    def _build_pipeline(self) -> Pipeline:
        absent_to_mean = SimpleImputer(strategy="constant", fill_value=0.0, keep_empty_features=True)
        step = make_pipeline(StandardScaler(), absent_to_mean, Normalizer())
        # columns outnumber samples: liblinear's dual, whose order of samples is drawn from a fixed seed
        classifier = LinearSVC(dual="auto", class_weight="balanced", random_state=0, max_iter=10_000)
        return Pipeline([("normalise", self._apply_per_stream(step)), ("classifier", classifier)])


class LogisticFusion(_StackedClassifier):
    """Multinomial logistic regression over the streams' log-probabilities, centred over classes; zero where absent.

    D. Wolpert (1992), "Stacked generalization".
    """

    method = "logistic"
    kind = "logprob"

    def _column_blocks(self, predictions: Predictions) -> dict[str, np.ndarray]:
        log_probs, _ = self.calibration_.transform(predictions)  # uniform where absent, so zero once centred
        return dict(zip(self.calibration_.streams_, log_probs - log_probs.mean(axis=2, keepdims=True), strict=True))

    def _build_pipeline(self) -> Pipeline:
        classifier = LogisticRegression(class_weight="balanced", max_iter=2000)
        return Pipeline([("normalise", StandardScaler()), ("classifier", classifier)])

    def _decision_scores(self, columns: np.ndarray) -> np.ndarray:
        return self.pipeline_.predict_log_proba(columns)
