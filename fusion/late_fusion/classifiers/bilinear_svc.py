"""Compact bilinear pooling of blocks of columns, classified by a linear support vector machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sklearn.kernel_approximation import PolynomialCountSketch
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from triad.fusion.late_fusion.classifiers.block_classifier import MarginClassifier
from triad.fusion.late_fusion.classifiers.block_scaler import BlockScaler
from triad.fusion.late_fusion.classifiers.block_svc import C_GRID


class BilinearSVC(MarginClassifier):
    """Products of all columns of all blocks, sketched in few dimensions, under a linear support vector machine.

    Y. Gao, O. Beijbom, N. Zhang, T. Darrell (2016), "Compact bilinear pooling", by the tensor sketch of N. Pham,
    R. Pagh (2013): inner products of sketches are those of ``(1 + Σ ⟨x_s, y_s⟩)²`` in expectation, which holds the
    columns themselves, their products within a block and, what a sum of streams lacks, those between blocks. Unlike
    learned low-rank projections it has nothing to fit but the classifier, as few hundred samples demand.

    Args:
        num_components: dimensions D of the sketch; the error of an inner product falls with 1 / √D.
        widths: number of columns of every block, in order; None takes all columns as one block.
        standardize: whether columns are standardised before blocks are normalised, for all blocks or one value a block.
        c_grid: values of C to choose from.
        random_state: seed of the sketch's hashes.
    """

    def __init__(
        self,
        *,
        num_components: int = 2048,
        widths: Sequence[int] | None = None,
        standardize: bool | Sequence[bool] = False,
        c_grid: Sequence[float] = C_GRID,
        random_state: int = 0,
    ) -> None:
        self.num_components = num_components
        self.widths = widths
        self.standardize = standardize
        self.c_grid = c_grid
        self.random_state = random_state

    def _build_pipeline(self) -> Pipeline:
        return Pipeline(
            [
                ("scale", BlockScaler(widths=self.widths, standardize=self.standardize)),
                (
                    "sketch",
                    PolynomialCountSketch(
                        degree=2, coef0=1, n_components=self.num_components, random_state=self.random_state
                    ),
                ),
                ("classifier", LinearSVC(dual="auto", class_weight="balanced", random_state=0, max_iter=10_000)),
            ]
        )

    def _grid(self) -> Mapping[str, Sequence[float]]:
        return {"C": self.c_grid}
