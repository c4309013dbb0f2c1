"""Predictions files (``predictions.npz``): reading, writing, joining by id, metrics and bootstrap intervals.

Works on scores and labels alone, without a network and without a video.
"""

from triad.fusion.predictions.calibration_error import calibration_error
from triad.fusion.predictions.class_names import (
    align_classes,
    known_classes,
    map_classes,
    match_classes,
    select_columns,
)
from triad.fusion.predictions.clip_averaging import AVERAGES, average_clips
from triad.fusion.predictions.grouping import groups_of, held_out_units, select_clusters
from triad.fusion.predictions.joining import check_disjoint, common_metadata, join_predictions
from triad.fusion.predictions.joint_bootstrap import JointBootstrap, build_joint_bootstrap
from triad.fusion.predictions.localization import count_scores
from triad.fusion.predictions.mcnemar import McNemar, mcnemar_test
from triad.fusion.predictions.member_files import is_score_file, load_members
from triad.fusion.predictions.metrics import (
    ABSENT,
    class_accuracy,
    confusion_matrix,
    mean_class_accuracy,
    pairwise_correct,
    predict_classes,
    top_k_correct,
)
from triad.fusion.predictions.multi_label_metrics import (
    SampleBootstrap,
    class_average_precision,
    compute_multi_label_metrics,
    present_scores,
)
from triad.fusion.predictions.predictions import KINDS, Predictions
from triad.fusion.predictions.probabilities import to_probabilities
from triad.fusion.predictions.score_files import SampleLabels, ScoreFile, read_score_file, to_predictions
from triad.fusion.predictions.statistics import Bootstrap, Interval, expanded_percentiles, wilson_interval
from triad.fusion.predictions.stream_metrics import choose_stream, compute_stream_metrics
from triad.fusion.predictions.stream_names import FUSED, modality_of, sort_streams

__all__ = [
    "ABSENT",
    "AVERAGES",
    "FUSED",
    "KINDS",
    "Bootstrap",
    "Interval",
    "JointBootstrap",
    "McNemar",
    "Predictions",
    "SampleBootstrap",
    "SampleLabels",
    "ScoreFile",
    "align_classes",
    "average_clips",
    "build_joint_bootstrap",
    "calibration_error",
    "check_disjoint",
    "choose_stream",
    "class_accuracy",
    "class_average_precision",
    "common_metadata",
    "compute_multi_label_metrics",
    "compute_stream_metrics",
    "confusion_matrix",
    "count_scores",
    "expanded_percentiles",
    "groups_of",
    "held_out_units",
    "is_score_file",
    "join_predictions",
    "known_classes",
    "load_members",
    "map_classes",
    "match_classes",
    "mcnemar_test",
    "mean_class_accuracy",
    "modality_of",
    "pairwise_correct",
    "predict_classes",
    "present_scores",
    "read_score_file",
    "select_clusters",
    "select_columns",
    "sort_streams",
    "to_predictions",
    "to_probabilities",
    "top_k_correct",
    "wilson_interval",
]
