"""Cross-validation within the validation split that never divides a person or a source video."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from fusion.predictions import Predictions, held_out_units
from modalities.checks import fail

Folds = list[tuple[np.ndarray, np.ndarray]]
"""Row indices that a fold learns from, and row indices that it holds out."""


def grouped_folds(val: Predictions, num_folds: int) -> Folds:
    """Return folds that hold out whole subjects, otherwise whole source videos, otherwise samples.

    Classes are spread over the folds as evenly as whole groups allow (a source video holds one class). There are
    fewer folds than ``num_folds`` where there are fewer groups. The result is deterministic.

    Raises:
        InputError: If there are fewer than two samples.
    """
    if len(val) < 2:
        fail("validation predictions", "hold at least two samples", len(val))
    groups = held_out_units(val.groups, val.ids.tolist())
    largest_class = int(np.bincount(val.labels).max())
    num_folds = min(num_folds, len(np.unique(groups)), max(2, largest_class))
    labels = val.labels if largest_class >= num_folds else np.zeros_like(val.labels)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")  # rare classes are expected here
        folds = list(StratifiedGroupKFold(n_splits=num_folds).split(labels, labels, groups))
    return [(train_rows, test_rows) for train_rows, test_rows in folds if len(train_rows) and len(test_rows)]
