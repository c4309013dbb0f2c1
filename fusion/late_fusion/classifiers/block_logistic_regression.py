"""Multinomial logistic regression over blocks of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from triad.fusion.late_fusion.classifiers.block_classifier import ProbabilityClassifier
from triad.fusion.late_fusion.classifiers.block_scaler import BlockScaler
from triad.fusion.late_fusion.classifiers.block_svc import C_GRID


class BlockLogisticRegression(ProbabilityClassifier):
    """Multinomial logistic regression over standardised columns: stacking, where these are scores.

    D. Wolpert (1992), "Stacked generalization".

    Args:
        widths: number of columns of every block, in order; None takes all columns as one block.
        c_grid: values of C, the inverse of the penalty, to choose from.
    """

    def __init__(self, *, widths: Sequence[int] | None = None, c_grid: Sequence[float] = C_GRID) -> None:
        self.widths = widths
        self.c_grid = c_grid

    def _build_pipeline(self) -> Pipeline:
        scaler = BlockScaler(widths=self.widths, standardize=True, normalize=False)
        classifier = LogisticRegression(class_weight="balanced", max_iter=2000)
        return Pipeline([("scale", scaler), ("classifier", classifier)])

    def _grid(self) -> Mapping[str, Sequence[float]]:
        return {"C": self.c_grid}
