"""Cross-validation inside the validation split that never divides a person or a source video."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from fusion.predictions import Predictions
from modalities.checks import fail

Folds = list[tuple[np.ndarray, np.ndarray]]


def grouped_folds(val: Predictions, splits: int) -> Folds:
    """``(learn, held out)`` row indices: whole subjects, else whole source videos, else samples are held out.

    Classes are spread over the folds as evenly as whole groups allow (source videos hold one class each). There
    are fewer folds than asked where there are fewer groups. The result depends on the rows only.

    Raises:
        InputError: if there are fewer than two samples.
    """
    if len(val) < 2:
        fail("validation predictions", "hold at least two samples", len(val))
    groups = np.arange(len(val)).astype(np.str_)
    for name in ("source_video", "subject"):
        if name in val.groups and len(np.unique(val.groups[name])) > 1:
            groups = val.groups[name]
    largest_class = int(np.bincount(val.labels).max())
    count = min(splits, len(np.unique(groups)), max(2, largest_class))
    labels = val.labels if largest_class >= count else np.zeros_like(val.labels)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")  # rare classes are no surprise here
        folds = list(StratifiedGroupKFold(n_splits=count).split(labels, labels, groups))
    return [(learn, held) for learn, held in folds if len(learn) and len(held)]
