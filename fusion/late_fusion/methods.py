"""The late fusions by name, what they have in common, and how a fitted one is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import skops.io

from fusion.late_fusion.averaging import MeanFusion, ProductFusion, WeightedFusion
from fusion.late_fusion.calibration import Calibration
from fusion.late_fusion.stacking import LogisticFusion, SvmFeatureFusion, SvmFusion
from fusion.predictions import Predictions
from modalities.atomic_files import atomic_write
from modalities.checks import check_choice, check_file, fail


class LateFusion(Protocol):
    """A fusion of finished predictions: everything learned is learned in ``fit``, on validation predictions.

    ``method`` is its name, ``kind`` what its scores are (``logprob | margin``).
    """

    method: str
    kind: str
    calibration_: Calibration

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self: ...

    def predict(self, test: Predictions) -> np.ndarray: ...


LATE_METHODS: dict[str, Callable[[], LateFusion]] = {
    "mean": MeanFusion,
    "product": ProductFusion,
    "weighted": WeightedFusion,
    "svm": SvmFusion,
    "svm_features": SvmFeatureFusion,
    "logistic": LogisticFusion,
}
"""Simplest first: where validation cannot tell two apart, the earlier one is taken."""

TRUSTED = ["numpy.dtype"]
"""Types a stored fusion may name beyond those skops always allows: the imputer remembers the type of its input."""

_FORMAT = "triad late fusion, version 1"
_CURE = "write it with tools/fuse.py --save"


def late_fusion(method: str) -> LateFusion:
    """A fusion by name, not fitted yet.

    Raises:
        InputError: naming the nearest method.
    """
    return LATE_METHODS[check_choice("fusion method", method, LATE_METHODS)]()


def save_fusion(fusion: LateFusion, path: str | Path) -> None:
    """Write a fitted fusion with skops: plain values and scikit-learn's own objects, no pickle."""
    learned = {name: value for name, value in vars(fusion).items() if name != "calibration_"}
    document = {
        "format": _FORMAT,
        "method": fusion.method,
        "calibration": dict(vars(fusion.calibration_)),
        "learned": learned,
    }
    with atomic_write(path) as temporary:
        skops.io.dump(document, temporary)


def load_fusion(path: str | Path) -> LateFusion:
    """Read what :func:`save_fusion` wrote.

    Raises:
        InputError: if the file is missing, no skops file, or names a type outside :data:`TRUSTED`.
    """
    path = check_file("stored fusion", path, _CURE)
    try:
        foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED))
        document: Any = None if foreign else skops.io.load(path, trusted=TRUSTED)
    except Exception as error:  # zipfile, json and skops raise many kinds for a file that is none of theirs
        fail(f"'{path}'", "be a stored fusion", f"{type(error).__name__}: {error}", _CURE)
    if foreign:
        fail(f"'{path}'", "hold scikit-learn and numpy objects only", f"{', '.join(foreign)}", _CURE)
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        fail(f"'{path}'", f"be a '{_FORMAT}' file", "another skops file", _CURE)
    fusion = late_fusion(document["method"])
    fusion.calibration_ = Calibration()
    vars(fusion.calibration_).update(document["calibration"])
    vars(fusion).update(document["learned"])
    return fusion
