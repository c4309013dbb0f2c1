"""Cross-validation folds that keep groups whole and spread classes evenly, for plain arrays."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

Folds = list[tuple[np.ndarray, np.ndarray]]
"""Row indices that a fold learns from, and row indices that it holds out."""


def group_folds(labels: np.ndarray, groups: np.ndarray | None, num_folds: int) -> Folds:
    """Return folds that hold out whole groups; every sample is a group where there are none.

    Classes are spread over the folds as evenly as whole groups allow. There are fewer folds than ``num_folds`` where
    there are fewer groups, and none for a single group. The result is deterministic.

    Shapes: labels ``[N]``, integers from 0; groups ``[N]``.
    """
    groups = np.arange(len(labels)).astype(np.str_) if groups is None else groups
    num_groups = len(np.unique(groups))
    if num_groups < 2:
        return []
    largest_class = int(np.bincount(labels).max())
    num_folds = min(num_folds, num_groups, max(2, largest_class))
    strata = labels if largest_class >= num_folds else np.zeros_like(labels)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")  # rare classes are expected here
        folds = list(StratifiedGroupKFold(n_splits=num_folds).split(strata, strata, groups))
    return [(train_rows, test_rows) for train_rows, test_rows in folds if len(train_rows) and len(test_rows)]
