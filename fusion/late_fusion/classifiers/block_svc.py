"""Support vector machine over blocks of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sklearn.pipeline import Pipeline
from sklearn.svm import SVC, LinearSVC

from triad.fusion.late_fusion.classifiers.block_classifier import MarginClassifier
from triad.fusion.late_fusion.classifiers.block_scaler import BlockScaler

C_GRID = (0.01, 0.1, 1.0, 10.0)
GAMMA_GRID = (0.1, 0.3, 1.0, 3.0)


class BlockSVC(MarginClassifier):
    """Support vector machine over L2-normalised blocks of columns, linear or with a Gaussian (RBF) kernel.

    K. Simonyan, A. Zisserman (2014), "Two-stream convolutional networks for action recognition in videos", fuse the
    L2-normalised softmax scores of two networks so. Blocks of unit length are at most 2 apart, so that the same values
    of gamma fit all inputs.

    Args:
        kernel: ``linear`` (liblinear, one class against the rest) or ``rbf`` (libsvm, one against one).
        widths: number of columns of every block, in order; None takes all columns as one block.
        standardize: whether columns are standardised before blocks are normalised, for all blocks or one value a block.
        dual: whether the linear problem is solved in the dual; ``auto`` does where columns outnumber samples.
        c_grid: values of C to choose from.
        gamma_grid: values of gamma to choose from, for ``rbf``.
    """

    def __init__(
        self,
        *,
        kernel: Literal["linear", "rbf"] = "linear",
        widths: Sequence[int] | None = None,
        standardize: bool | Sequence[bool] = False,
        dual: bool | Literal["auto"] = "auto",
        c_grid: Sequence[float] = C_GRID,
        gamma_grid: Sequence[float] = GAMMA_GRID,
    ) -> None:
        self.kernel = kernel
        self.widths = widths
        self.standardize = standardize
        self.dual = dual
        self.c_grid = c_grid
        self.gamma_grid = gamma_grid

    def _build_pipeline(self) -> Pipeline:
        if self.kernel == "linear":
            # liblinear's dual draws the order of the samples from a fixed seed
            classifier = LinearSVC(dual=self.dual, class_weight="balanced", random_state=0, max_iter=10_000)
        elif self.kernel == "rbf":
            classifier = SVC(kernel="rbf", class_weight="balanced", decision_function_shape="ovr", break_ties=True)
        else:
            raise ValueError(f"kernel must be 'linear' or 'rbf', got {self.kernel!r}")
        scaler = BlockScaler(widths=self.widths, standardize=self.standardize)
        return Pipeline([("scale", scaler), ("classifier", classifier)])

    def _grid(self) -> Mapping[str, Sequence[float]]:
        return {"C": self.c_grid} if self.kernel == "linear" else {"C": self.c_grid, "gamma": self.gamma_grid}
