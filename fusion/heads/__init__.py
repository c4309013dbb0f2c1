"""From features or scores to a decision.

Two kinds live here: heads inside a network (``linear``, ``pooling``) with their loss (``class_loss``), and late fusions
of finished predictions (``late``, ``svm``, by name in ``late_methods``), which learn on validation predictions alone.
May import ``modalities`` and ``fusion.evaluation``'s predictions and metrics.
"""

from fusion.heads.calibration import Calibration, fit_temperature
from fusion.heads.class_loss import ClassLoss
from fusion.heads.late import MeanFusion, ProductFusion, WeightedFusion
from fusion.heads.late_methods import LATE_METHODS, LateFusion, late_fusion, load_fusion, save_fusion
from fusion.heads.linear import LinearHead
from fusion.heads.svm import LogisticFusion, SvmFeatureFusion, SvmFusion

__all__ = [
    "LATE_METHODS",
    "Calibration",
    "ClassLoss",
    "LateFusion",
    "LinearHead",
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
