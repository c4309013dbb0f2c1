"""Classifiers over the columns of several streams, for plain arrays: scikit-learn's rules, no predictions file needed.

``check_estimator`` passes for each. Their columns lie in blocks, one a stream, and each chooses its parameters by
cross-validation over groups that are given to ``fit``.
"""

from triad.fusion.late_fusion.classifiers.bilinear_svc import BilinearSVC
from triad.fusion.late_fusion.classifiers.block_classifier import BlockClassifier, choose_parameters
from triad.fusion.late_fusion.classifiers.block_logistic_regression import BlockLogisticRegression
from triad.fusion.late_fusion.classifiers.block_mlp_classifier import BlockMLPClassifier
from triad.fusion.late_fusion.classifiers.block_scaler import BlockScaler
from triad.fusion.late_fusion.classifiers.block_svc import BlockSVC
from triad.fusion.late_fusion.classifiers.group_folds import Folds, group_folds

__all__ = [
    "BilinearSVC",
    "BlockClassifier",
    "BlockLogisticRegression",
    "BlockMLPClassifier",
    "BlockSVC",
    "BlockScaler",
    "Folds",
    "choose_parameters",
    "group_folds",
]
