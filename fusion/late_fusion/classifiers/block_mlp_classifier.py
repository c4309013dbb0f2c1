"""Multilayer perceptron over concatenated blocks of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline

from triad.fusion.late_fusion.classifiers.block_classifier import ProbabilityClassifier
from triad.fusion.late_fusion.classifiers.block_scaler import BlockScaler

ALPHA_GRID = (10.0, 1.0, 0.1)
NUM_ITERATIONS = 100


class BlockMLPClassifier(ProbabilityClassifier):
    """Concatenation of standardised blocks, one hidden layer with ReLU, softmax; fitted by L-BFGS from a fixed seed.

    Args:
        hidden: number of hidden units.
        widths: number of columns of every block, in order; None takes all columns as one block.
        alpha_grid: L2 penalties to choose from.
        random_state: seed of the initial weights.
    """

    def __init__(
        self,
        *,
        hidden: int = 32,
        widths: Sequence[int] | None = None,
        alpha_grid: Sequence[float] = ALPHA_GRID,
        random_state: int = 0,
    ) -> None:
        self.hidden = hidden
        self.widths = widths
        self.alpha_grid = alpha_grid
        self.random_state = random_state

    def _build_pipeline(self) -> Pipeline:
        scaler = BlockScaler(widths=self.widths, standardize=True, normalize=False)
        # few hundred samples: L-BFGS needs no learning rate and no schedule
        classifier = MLPClassifier(
            (self.hidden,), solver="lbfgs", max_iter=NUM_ITERATIONS, random_state=self.random_state
        )
        return Pipeline([("scale", scaler), ("classifier", classifier)])

    def _grid(self) -> Mapping[str, Sequence[float]]:
        return {"alpha": self.alpha_grid}
