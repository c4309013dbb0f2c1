"""Scaling of the columns of every stream by itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import StandardScaler, normalize
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data


class BlockScaler(TransformerMixin, BaseEstimator):
    """Standardise and L2-normalise blocks of columns, each by itself; a missing (NaN) value becomes 0.

    Args:
        widths: number of columns of every block, in order; None takes all columns as one block.
        standardize: whether columns get zero mean and unit variance: for all blocks, or one value a block.
        normalize: whether each block of each sample gets unit length; a block of zeros stays as it is.

    Attributes:
        scaler_: scikit-learn's scaler of all columns.
        edges_: first column of every block, and the number of columns.
    """

    def __init__(
        self, *, widths: Sequence[int] | None = None, standardize: bool | Sequence[bool] = False, normalize: bool = True
    ) -> None:
        self.widths = widths
        self.standardize = standardize
        self.normalize = normalize

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn mean and variance of the columns. Shapes: X ``[N, D]``."""
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        self.edges_ = block_edges(X.shape[1], self.widths)
        self.scaler_ = StandardScaler().fit(X)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the scaled columns. Shapes: X and result ``[N, D]``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        blocks = []
        chosen = np.broadcast_to(np.asarray(self.standardize), len(self.edges_) - 1)
        for (start, end), is_standardized in zip(pairwise(self.edges_), chosen, strict=True):
            block = X[:, start:end]
            if is_standardized:
                block = (block - self.scaler_.mean_[start:end]) / self.scaler_.scale_[start:end]
            block = np.nan_to_num(block)
            blocks.append(normalize(block) if self.normalize else block)
        return np.hstack(blocks)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def block_edges(num_columns: int, widths: Sequence[int] | None) -> list[int]:
    """Return the first column of every block, and the number of columns.

    Raises:
        ValueError: If the widths do not sum to the number of columns.
    """
    widths = [num_columns] if widths is None else list(widths)
    if sum(widths) != num_columns or min(widths) < 1:
        raise ValueError(f"widths must be positive and sum to the {num_columns} columns, got {widths}")
    return np.cumsum([0, *widths]).tolist()
