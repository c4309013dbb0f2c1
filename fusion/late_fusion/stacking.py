"""Late fusion by a classifier over all streams: the adapter of predictions to classifiers of plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from sklearn import clone

from triad.fusion.late_fusion.calibration import Calibration
from triad.fusion.late_fusion.classifiers import BlockClassifier
from triad.fusion.late_fusion.classifiers.block_classifier import MarginClassifier
from triad.fusion.late_fusion.folds import units_of
from triad.fusion.late_fusion.stream_columns import Source, stack_columns
from triad.fusion.predictions import Predictions
from triad.modalities.checks import fail


class StackedFusion:
    """Classifier over the columns of all streams, its parameters chosen on folds of whole subjects or source videos.

    Learned: ``calibration_``, ``widths_`` ``{block: number of columns}``, ``classifier_``, ``parameters_``.

    Args:
        method: name of the fusion.
        sources: kinds of columns that the classifier reads, in order.
        classifier: unfitted classifier; its ``widths`` are set to those of the blocks.
        standardize_features: whether blocks of features, and those alone, are standardised; for classifiers that
            leave it open.
    """

    def __init__(
        self,
        *,
        method: str,
        sources: Sequence[Source],
        classifier: BlockClassifier,
        standardize_features: bool = False,
    ) -> None:
        self.method = method
        self.sources = tuple(sources)
        self.classifier = classifier
        self.standardize_features = standardize_features
        self.kind = "margin" if isinstance(classifier, MarginClassifier) else "logprob"
        self.reads_features = "features" in sources

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Fit calibration, parameters and classifier on validation predictions.

        Raises:
            InputError: If they hold fewer than two classes, or lack a stream.
        """
        self.calibration_ = Calibration().fit(val, streams)
        if len(np.unique(val.labels)) < 2:
            fail("validation predictions", "hold two or more classes to learn from", "one")
        columns, self.widths_ = stack_columns(val, self.calibration_, self.sources)
        self.classifier_ = clone(self.classifier).set_params(widths=tuple(self.widths_.values()))
        if self.standardize_features:
            standardize = [source == "features" for source in self.sources for _ in streams]
            self.classifier_.set_params(standardize=tuple(standardize))
        self.classifier_.fit(columns, val.labels, groups=units_of(val))
        self.parameters_ = self.classifier_.parameters_
        return self

    def predict(self, test: Predictions) -> np.ndarray:
        """Return scores ``[N, K]`` of :attr:`kind`; a class without validation samples ranks below all others."""
        columns, _ = stack_columns(test, self.calibration_, self.sources, widths=self.widths_)
        fitted_scores = self.classifier_.class_scores(columns)  # [N, fitted classes]
        scores = np.repeat(fitted_scores.min(axis=1, keepdims=True) - 1.0, len(test.classes), axis=1)
        scores[:, self.classifier_.classes_] = fitted_scores
        if self.kind == "logprob":
            scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
        return scores
