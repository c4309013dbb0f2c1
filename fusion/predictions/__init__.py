"""Predictions files (``predictions.npz``): reading, writing, joining by id, metrics and statistics.

Works on scores and labels alone: no network, no video.
"""

from fusion.predictions.joining import check_disjoint, common_metadata, join
from fusion.predictions.metrics import (
    class_accuracy,
    confusion,
    mean_class_accuracy,
    pairwise_correct,
    predict_classes,
    top_k_correct,
)
from fusion.predictions.predictions import FUSED, KINDS, Predictions, in_order, modality_of
from fusion.predictions.scores import score_predictions, scored_stream
from fusion.predictions.statistics import Bootstrap, clusters, wilson
from fusion.predictions.views import from_views

__all__ = [
    "FUSED",
    "KINDS",
    "Bootstrap",
    "Predictions",
    "check_disjoint",
    "class_accuracy",
    "clusters",
    "common_metadata",
    "confusion",
    "from_views",
    "in_order",
    "join",
    "mean_class_accuracy",
    "modality_of",
    "pairwise_correct",
    "predict_classes",
    "score_predictions",
    "scored_stream",
    "top_k_correct",
    "wilson",
]
