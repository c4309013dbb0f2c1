"""Late fusions by name, their common interface, and files of fitted ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from triad.fusion.late_fusion.averaging import MaxFusion, MeanFusion, ProductFusion, WeightedFusion
from triad.fusion.late_fusion.calibration import Calibration
from triad.fusion.late_fusion.classifiers import BilinearSVC, BlockLogisticRegression, BlockMLPClassifier, BlockSVC
from triad.fusion.late_fusion.gated_mixture import GatedMixtureFusion
from triad.fusion.late_fusion.multi_label import MULTI_LABEL_METHODS, MultiLabelFusion
from triad.fusion.late_fusion.stacking import StackedFusion
from triad.fusion.predictions import Predictions
from triad.modalities.archive_size import check_archive
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import check_choice, check_file, fail, printable, shorten
from triad.modalities.schema import Fields, ListOf, Number, Text, check_document


class LateFusion(Protocol):
    """Fusion of finished predictions that learns only in ``fit``, on validation predictions.

    ``method`` is its name, ``kind`` the kind of its scores, ``reads_features`` whether it needs features of
    the streams.
    """

    method: str
    kind: str
    reads_features: bool
    calibration_: Calibration

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self: ...

    def predict(self, test: Predictions) -> np.ndarray: ...


_on_features = partial(StackedFusion, sources=("features",))
_on_both = partial(StackedFusion, sources=("probabilities", "features"), standardize_features=True)
_on_probabilities = partial(StackedFusion, sources=("probabilities",))
_on_log_probabilities = partial(StackedFusion, sources=("centered",))
_linear = BlockSVC(dual=False)  # the primal problem: there are few columns
_rbf = BlockSVC(kernel="rbf")

LATE_METHODS: dict[str, Callable[[], LateFusion]] = {
    "mean": MeanFusion,
    "product": ProductFusion,
    "max": MaxFusion,
    "weighted": WeightedFusion,
    "svm": partial(_on_probabilities, method="svm", classifier=_linear),
    "svm_features": partial(_on_features, method="svm_features", classifier=BlockSVC(standardize=True)),
    "svm_both": partial(_on_both, method="svm_both", classifier=BlockSVC()),
    "logistic": partial(_on_log_probabilities, method="logistic", classifier=BlockLogisticRegression()),
    "gated": partial(GatedMixtureFusion, method="gated", sources=("probabilities",)),
    "gated_features": partial(GatedMixtureFusion, method="gated_features", sources=("features",)),
    "svm_rbf": partial(_on_probabilities, method="svm_rbf", classifier=_rbf),
    "svm_rbf_features": partial(
        _on_features, method="svm_rbf_features", classifier=BlockSVC(kernel="rbf", standardize=True)
    ),
    "svm_rbf_both": partial(_on_both, method="svm_rbf_both", classifier=_rbf),
    "bilinear_features": partial(_on_features, method="bilinear_features", classifier=BilinearSVC(standardize=True)),
    "mlp": partial(_on_log_probabilities, method="mlp", classifier=BlockMLPClassifier()),
    "mlp_features": partial(_on_features, method="mlp_features", classifier=BlockMLPClassifier()),
}
"""Simplest first: of methods that are equal on validation, the first is chosen."""

DEFAULT_METHODS = ("mean", "product", "weighted", "svm", "svm_features", "logistic")
"""Methods that an ablation compares where it is not told which: the more there are, the more chance chooses."""

_CLASSIFIERS = "triad.fusion.late_fusion.classifiers"
TRUSTED_TYPES = [
    f"{_CLASSIFIERS}.bilinear_svc.BilinearSVC",
    f"{_CLASSIFIERS}.block_logistic_regression.BlockLogisticRegression",
    f"{_CLASSIFIERS}.block_mlp_classifier.BlockMLPClassifier",
    f"{_CLASSIFIERS}.block_scaler.BlockScaler",
    f"{_CLASSIFIERS}.block_svc.BlockSVC",
]
"""Types that a stored fusion may hold beyond those that skops always allows: the classifiers of this project."""

_FORMAT = "triad late fusion, version 2"
_CURE = "write it with triad fuse --save"
CALIBRATION = Fields(
    required={"streams_": ListOf(Text()), "classes_": ListOf(Text()), "temperatures_": Fields(others=Number(1e-9, 1e9))}
)
STORED = Fields(
    required={
        "method": Text(),
        "calibration": CALIBRATION,
        "learned": Fields(optional={"widths_": Fields(others=Number(1, 1e6, whole=True))}),
    }
)
"""What the file of a fitted fusion may hold."""
MAX_COLUMNS = 10_000_000
"""Numbers that a stored fusion may read of a sample: ten streams of 1,000 classes and 8,192 features have 91,920."""


def build_late_fusion(method: str, *, multi_label: bool = False) -> LateFusion:
    """Build an unfitted fusion by name.

    Args:
        method: name of the fusion.
        multi_label: whether samples may show several classes.

    Raises:
        InputError: The message has the nearest method, if the name is unknown, or is of one class a sample.
    """
    if multi_label:
        if method in LATE_METHODS and method not in MULTI_LABEL_METHODS:
            must = f"be {', '.join(MULTI_LABEL_METHODS)} where samples show several classes"
            fail("fusion method", must, f"'{method}', of one class a sample")
        return MultiLabelFusion(check_choice("fusion method", method, MULTI_LABEL_METHODS))
    return LATE_METHODS[check_choice("fusion method", method, LATE_METHODS)]()


def save_fusion(fusion: LateFusion, path: str | Path) -> None:
    """Write a fitted fusion with skops, as plain values and scikit-learn objects, without a pickle."""
    import skops.io  # takes a second

    learned = {name: value for name, value in vars(fusion).items() if name.endswith("_") and name != "calibration_"}
    document = {
        "format": _FORMAT,
        "method": fusion.method,
        "multi_label": isinstance(fusion, MultiLabelFusion),
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
    check_archive(path, _CURE)
    import skops.io

    try:
        foreign_types = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED_TYPES))
        document: Any = None if foreign_types else skops.io.load(path, trusted=TRUSTED_TYPES)
    except Exception as error:  # zipfile, json and skops raise many kinds for files of other formats
        fail(f"'{path}'", "be a stored fusion", f"{type(error).__name__}: {printable(error)}", _CURE)
    if foreign_types:
        fail(f"'{path}'", "hold scikit-learn and numpy objects only", shorten(foreign_types), _CURE)
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        fail(f"'{path}'", f"be a '{_FORMAT}' file", "another skops file", _CURE)
    check_document(f"'{path}'", document, STORED, _CURE)
    fusion = build_late_fusion(document["method"], multi_label=document.get("multi_label") is True)
    fusion.calibration_ = Calibration()
    vars(fusion.calibration_).update({name: document["calibration"][name] for name in CALIBRATION.required})
    vars(fusion).update({name: value for name, value in document["learned"].items() if name.endswith("_")})
    num_columns = len(fusion.calibration_.streams_) * len(fusion.calibration_.classes_)
    num_columns += sum(getattr(fusion, "widths_", {}).values())
    if num_columns > MAX_COLUMNS:
        fail(f"'{path}'", f"read at most {MAX_COLUMNS:,} scores and features of a sample", f"{num_columns:,}", _CURE)
    try:
        with np.errstate(all="ignore"):
            scores = fusion.predict(_blank_predictions(fusion))
    except Exception as error:  # what is learned may be anything
        got = f"one that raises {type(error).__name__}: {printable(error)}"
        fail(f"'{path}'", "be a fusion that can predict", got, _CURE)
    if not np.isfinite(scores).all():
        fail(f"'{path}'", "be a fusion that can predict", "one with scores that are not finite", _CURE)
    return fusion


def _blank_predictions(fusion: LateFusion) -> Predictions:
    """Return a sample of the streams that a fitted fusion reads, with zeros for scores and features."""
    streams = fusion.calibration_.streams_
    widths = getattr(fusion, "widths_", {})
    features = {name: widths.get(f"{name} features", widths.get(name, 1)) for name in streams}
    num_classes = len(fusion.calibration_.classes_)
    is_multi_label = isinstance(fusion, MultiLabelFusion)
    return Predictions(
        ids=np.array(["blank"]),
        labels=np.zeros((1, num_classes), int) if is_multi_label else np.array([-1]),
        classes=tuple(fusion.calibration_.classes_),
        scores={name: np.zeros((1, num_classes), np.float32) for name in streams},
        kinds=dict.fromkeys(streams, "sigmoid" if is_multi_label else "logit"),
        features={name: np.zeros((1, width), np.float32) for name, width in features.items()},
    )
