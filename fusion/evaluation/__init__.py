"""Everything after the networks: predictions joined by id, metrics, statistics, the ablation and its report.

Works on ``predictions.npz`` files alone: no network, no video. May import ``modalities`` and ``fusion.heads``.
``fusion.heads.late`` and its neighbours read :class:`Predictions` from here, so the modules that in turn use heads
are imported by their full name: ``fusion.evaluation.ablation``, ``.fuse``, ``.table`` and ``.report``.
"""

from fusion.evaluation.joining import check_disjoint, join
from fusion.evaluation.metrics import (
    class_accuracy,
    confusion,
    mean_class_accuracy,
    pairwise_correct,
    predict_classes,
    top_k_correct,
)
from fusion.evaluation.predictions import FUSED, KINDS, Predictions
from fusion.evaluation.statistics import Bootstrap, clusters, wilson
from fusion.evaluation.views import from_views

__all__ = [
    "FUSED",
    "KINDS",
    "Bootstrap",
    "Predictions",
    "check_disjoint",
    "class_accuracy",
    "clusters",
    "confusion",
    "from_views",
    "join",
    "mean_class_accuracy",
    "pairwise_correct",
    "predict_classes",
    "top_k_correct",
    "wilson",
]
