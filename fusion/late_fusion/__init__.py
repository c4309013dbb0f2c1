"""Late fusion of finished predictions: averages, searched weights, SVM and logistic stacking.

Every method learns on validation predictions alone and is then applied to test predictions.
"""

from fusion.late_fusion.averaging import MeanFusion, ProductFusion, WeightedFusion
from fusion.late_fusion.calibration import Calibration, fit_temperature
from fusion.late_fusion.folds import grouped_folds
from fusion.late_fusion.fuse import (
    FIXED_WEIGHT_METHODS,
    fuse_predictions,
    fuse_with_weights,
    parse_weights,
    summarize_fusion,
)
from fusion.late_fusion.methods import LATE_METHODS, LateFusion, build_late_fusion, load_fusion, save_fusion
from fusion.late_fusion.stacking import LogisticFusion, SvmFeatureFusion, SvmFusion

__all__ = [
    "FIXED_WEIGHT_METHODS",
    "LATE_METHODS",
    "Calibration",
    "LateFusion",
    "LogisticFusion",
    "MeanFusion",
    "ProductFusion",
    "SvmFeatureFusion",
    "SvmFusion",
    "WeightedFusion",
    "build_late_fusion",
    "fit_temperature",
    "fuse_predictions",
    "fuse_with_weights",
    "grouped_folds",
    "load_fusion",
    "parse_weights",
    "save_fusion",
    "summarize_fusion",
]
