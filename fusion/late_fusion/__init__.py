"""Late fusion of finished predictions: averaging, searched weights, SVM and logistic stacking.

Every method learns on validation predictions alone and is then applied to test predictions.
"""

from fusion.late_fusion.averaging import MeanFusion, ProductFusion, WeightedFusion
from fusion.late_fusion.calibration import Calibration, fit_temperature
from fusion.late_fusion.methods import LATE_METHODS, LateFusion, late_fusion, load_fusion, save_fusion
from fusion.late_fusion.stacking import LogisticFusion, SvmFeatureFusion, SvmFusion

__all__ = [
    "LATE_METHODS",
    "Calibration",
    "LateFusion",
    "LogisticFusion",
    "MeanFusion",
    "ProductFusion",
    "SvmFeatureFusion",
    "SvmFusion",
    "WeightedFusion",
    "fit_temperature",
    "late_fusion",
    "load_fusion",
    "save_fusion",
]
