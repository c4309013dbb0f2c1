"""Late fusion of finished predictions: averages, searched and gated weights, SVM, stacking, MLP, bilinear pooling.

Every method learns on validation predictions alone and is then applied to test predictions. ``classifiers`` serve plain
arrays too.
"""

from triad.fusion.late_fusion.averaging import MaxFusion, MeanFusion, ProductFusion, WeightedFusion
from triad.fusion.late_fusion.calibration import Calibration, fit_temperature
from triad.fusion.late_fusion.folds import grouped_folds
from triad.fusion.late_fusion.fuse import (
    FIXED_WEIGHT_METHODS,
    build_fixed_fusion,
    fuse_predictions,
    fuse_with_weights,
    parse_weights,
    summarize_fusion,
)
from triad.fusion.late_fusion.gated_mixture import GatedMixtureFusion
from triad.fusion.late_fusion.methods import (
    DEFAULT_METHODS,
    LATE_METHODS,
    LateFusion,
    build_late_fusion,
    load_fusion,
    save_fusion,
)
from triad.fusion.late_fusion.multi_label import MULTI_LABEL_METHODS, MultiLabelFusion, is_multi_label
from triad.fusion.late_fusion.stacking import StackedFusion

__all__ = [
    "DEFAULT_METHODS",
    "FIXED_WEIGHT_METHODS",
    "LATE_METHODS",
    "MULTI_LABEL_METHODS",
    "Calibration",
    "GatedMixtureFusion",
    "LateFusion",
    "MaxFusion",
    "MeanFusion",
    "MultiLabelFusion",
    "ProductFusion",
    "StackedFusion",
    "WeightedFusion",
    "build_fixed_fusion",
    "build_late_fusion",
    "fit_temperature",
    "fuse_predictions",
    "fuse_with_weights",
    "grouped_folds",
    "is_multi_label",
    "load_fusion",
    "parse_weights",
    "save_fusion",
    "summarize_fusion",
]
