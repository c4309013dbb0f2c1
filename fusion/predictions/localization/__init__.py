"""Temporal localization: scores of videos over time against their annotated actions.

Frame-wise mean average precision (Toyota Smarthome Untrimmed, Charades), event mean average precision (ActivityNet),
segmental edit score, F1@k and frame accuracy (50 Salads, Breakfast), and intervals that draw whole videos.
"""

from triad.fusion.predictions.localization.action_instance import (
    ActionInstance,
    check_instances,
    frame_labels,
    has_overlapping_classes,
    merge_instances,
)
from triad.fusion.predictions.localization.event_average_precision import (
    IOU_THRESHOLDS,
    EventMatches,
    event_average_precision,
    match_events,
    temporal_iou,
)
from triad.fusion.predictions.localization.frame_average_precision import (
    ScoreHistogram,
    count_scores,
    frame_average_precision,
)
from triad.fusion.predictions.localization.frame_scores import detect_instances, moving_average, scores_of_frames
from triad.fusion.predictions.localization.segmental import (
    BACKGROUND,
    F1_OVERLAPS,
    F1Counts,
    count_f1,
    edit_score,
    find_runs,
)
from triad.fusion.predictions.localization.video_bootstrap import VideoBootstrap

__all__ = [
    "BACKGROUND",
    "F1_OVERLAPS",
    "IOU_THRESHOLDS",
    "ActionInstance",
    "EventMatches",
    "F1Counts",
    "ScoreHistogram",
    "VideoBootstrap",
    "check_instances",
    "count_f1",
    "count_scores",
    "detect_instances",
    "edit_score",
    "event_average_precision",
    "find_runs",
    "frame_average_precision",
    "frame_labels",
    "has_overlapping_classes",
    "match_events",
    "merge_instances",
    "moving_average",
    "scores_of_frames",
    "temporal_iou",
]
