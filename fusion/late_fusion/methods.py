"""Late fusions by name, their common interface, and files of fitted ones."""

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
    """Fusion of finished predictions that learns only in ``fit``, on validation predictions.

    ``method`` is its name, ``kind`` the kind of its scores (``logprob`` or ``margin``).
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
"""Simplest first: of methods that are equal on validation, the first is chosen."""

TRUSTED_TYPES = ["numpy.dtype"]
"""Types that a stored fusion may hold beyond those that skops always allows: the imputer stores its input's dtype."""

_FORMAT = "triad late fusion, version 1"
_CURE = "write it with tools/fuse.py --save"


def build_late_fusion(method: str) -> LateFusion:
    """Build an unfitted fusion by name.

    Raises:
        InputError: The message has the nearest method, if the name is unknown.
    """
    return LATE_METHODS[check_choice("fusion method", method, LATE_METHODS)]()


def save_fusion(fusion: LateFusion, path: str | Path) -> None:
    """Write a fitted fusion with skops, as plain values and scikit-learn objects, without a pickle."""
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
    """Read a file that :func:`save_fusion` wrote.

    Raises:
        InputError: If the file is missing, no skops file, or holds a type outside :data:`TRUSTED_TYPES`.
    """
    path = check_file("stored fusion", path, _CURE)
    try:
        foreign_types = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED_TYPES))
        document: Any = None if foreign_types else skops.io.load(path, trusted=TRUSTED_TYPES)
    except Exception as error:  # zipfile, json and skops raise many kinds for files of other formats
        fail(f"'{path}'", "be a stored fusion", f"{type(error).__name__}: {error}", _CURE)
    if foreign_types:
        fail(f"'{path}'", "hold scikit-learn and numpy objects only", ", ".join(foreign_types), _CURE)
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        fail(f"'{path}'", f"be a '{_FORMAT}' file", "another skops file", _CURE)
    fusion = build_late_fusion(document["method"])
    fusion.calibration_ = Calibration()
    vars(fusion.calibration_).update(document["calibration"])
    vars(fusion).update(document["learned"])
    return fusion
