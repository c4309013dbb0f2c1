"""Cross-validation within the validation split that never divides a person or a source video."""

from __future__ import annotations

import numpy as np

from triad.fusion.late_fusion.classifiers import Folds, group_folds
from triad.fusion.predictions import Predictions, held_out_units
from triad.modalities.checks import fail


def units_of(val: Predictions) -> np.ndarray:
    """Return the unit that each sample is held out with ``[N]``: subject, otherwise source video, otherwise itself."""
    return np.asarray(held_out_units(val.groups, val.ids.tolist()))


def grouped_folds(val: Predictions, num_folds: int) -> Folds:
    """Return folds that hold out whole subjects, otherwise whole source videos, otherwise samples.

    Classes are spread over the folds as evenly as whole groups allow (a source video holds one class). There are
    fewer folds than ``num_folds`` where there are fewer groups. The result is deterministic.

    Raises:
        InputError: If there are fewer than two samples.
    """
    if len(val) < 2:
        fail("validation predictions", "hold at least two samples", len(val))
    return group_folds(val.labels, units_of(val), num_folds)
