"""Evaluation of timelines: metrics of all videos with intervals, of each video, and of each class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.inference.localization.annotated_videos import Reason
from triad.fusion.inference.localization.frame_timelines import FrameTimeline
from triad.fusion.inference.localization.settings import LocalizationSettings, f1_name, segmental_metrics
from triad.fusion.predictions import groups_of
from triad.fusion.predictions.localization import (
    F1_OVERLAPS,
    IOU_THRESHOLDS,
    VideoBootstrap,
    count_f1,
    edit_score,
    event_average_precision,
    frame_average_precision,
    has_overlapping_classes,
    match_events,
)

NO_SINGLE_LABELS = "frame accuracy, edit score and F1@k need one class a frame; actions of these videos overlap"


def evaluate_timelines(
    timelines: Sequence[FrameTimeline],
    settings: LocalizationSettings,
    *,
    classes: Sequence[str],
    fps: float,
    resamples: int = 1000,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the metrics as a JSON document, and the truth and the detections of all videos over time as another.

    The first has ``mean``, the metrics of all videos with ``ci95``; ``sequences``, those of each video; ``per_class``.
    A metric that is not defined is null. Frame accuracy, edit score and F1@k are left out where actions overlap.

    Args:
        timelines: videos of a test split.
        settings: settings that validation chose.
        classes: names of the classes.
        fps: frames per second.
        resamples: number of bootstrap resamples.
    """
    scores = [settings.smooth(item.scores, fps) for item in timelines]
    labels = [item.labels for item in timelines]
    truth = [item.video.instances for item in timelines]
    detections = [settings.detect(array, fps) for array in scores]
    records = [item.video.record for item in timelines]
    groups = groups_of(records, [record["id"] for record in records])
    bootstrap = VideoBootstrap(len(timelines), groups=groups, resamples=resamples)
    matches = match_events(truth, detections, num_classes=len(classes))
    frame_ap = frame_average_precision(labels, scores)
    event_ap = event_average_precision(matches)
    mean: dict[str, Any] = {"frame_map": _mean(frame_ap), **_event_metrics(event_ap)}
    event_maps = bootstrap.event_map(matches)
    intervals = {
        "frame_map": bootstrap.interval(bootstrap.frame_map(labels, scores)),
        "event_map": bootstrap.interval(event_maps.mean(axis=1)),
        **{
            f"event_map_{iou:g}": bootstrap.interval(event_maps[:, column]) for column, iou in enumerate(IOU_THRESHOLDS)
        },
    }
    notes: list[str] = []
    predicted: list[np.ndarray] = []
    if settings.label_threshold is None or any(map(has_overlapping_classes, truth)):
        notes.append(NO_SINGLE_LABELS)
    else:
        expected = [item.single_labels for item in timelines]
        predicted = [settings.label_frames(array) for array in scores]
        mean |= segmental_metrics(expected, predicted)
        intervals |= _segmental_intervals(expected, predicted, bootstrap)
    sequences = {}
    for number, item in enumerate(timelines):
        own_matches = match_events([truth[number]], [detections[number]], num_classes=len(classes))
        row: dict[str, Any] = {
            "frame_map": _mean(frame_average_precision([labels[number]], [scores[number]])),
            "event_map": _mean(event_average_precision(own_matches)),
            "actions": len(truth[number]),
            "detections": len(detections[number]),
        }
        if predicted:
            row |= segmental_metrics([item.single_labels], [predicted[number]])
        sequences[item.video.id] = row
    document = {
        "classes": list(classes),
        "fps": fps,
        "settings": {**settings._asdict(), "chosen_on": "val"},
        "mean": mean,
        "ci95": intervals,
        "ci95_over": bootstrap.unit,
        "ci95_units": bootstrap.num_units,
        "ci95_resamples": bootstrap.num_resamples,
        "per_class": _class_rows(classes, frame_ap, event_ap, matches),
        "sequences": sequences,
        "notes": notes,
    }
    timeline = {
        "classes": list(classes),
        "videos": {
            item.video.id: {
                "duration": round(item.video.duration, 4),
                "truth": _rows(truth[number], classes),
                "predicted": _rows(detections[number], classes, with_score=True),
            }
            for number, item in enumerate(timelines)
        },
    }
    return document, timeline


def add_reasons(document: Mapping[str, Any], notes: Sequence[str], reasons: Sequence[Reason]) -> dict[str, Any]:
    """Return the document with further notes and with the reasons of what was changed or left out."""
    return {**document, "notes": [*notes, *document["notes"]], "dropped": list(reasons)}


def _segmental_intervals(
    expected: Sequence[np.ndarray], predicted: Sequence[np.ndarray], bootstrap: VideoBootstrap
) -> dict[str, Any]:
    pairs = list(zip(expected, predicted, strict=True))
    num_frames = np.array([len(labels) for labels in expected], dtype=np.float64)
    num_correct = np.array([(truth == frame_classes).sum() for truth, frame_classes in pairs], dtype=np.float64)
    edits = np.array([edit_score(truth, frame_classes) for truth, frame_classes in pairs])
    intervals = {
        "frame_accuracy": bootstrap.interval(bootstrap.ratios(num_correct, num_frames)),
        "edit": bootstrap.interval(bootstrap.ratios(edits, np.ones(len(edits)))),
    }
    for overlap in F1_OVERLAPS:
        counts = np.array(
            [count_f1(truth, frame_classes, overlap) for truth, frame_classes in pairs], dtype=np.float64
        )  # [V, 3]
        values = bootstrap.ratios(2 * counts[:, 0], counts @ np.array([2.0, 1.0, 1.0]))
        intervals[f1_name(overlap)] = bootstrap.interval(values)
    return intervals


def _event_metrics(event_ap: np.ndarray) -> dict[str, float | None]:
    by_iou = {f"event_map_{iou:g}": _mean(event_ap[:, column]) for column, iou in enumerate(IOU_THRESHOLDS)}
    return {"event_map": _mean(event_ap), **by_iou}


def _class_rows(
    classes: Sequence[str], frame_ap: np.ndarray, event_ap: np.ndarray, matches: Sequence[Any]
) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "actions": int(matches[label].num_truth.sum()),
            "frame_ap": _mean(frame_ap[label]),
            "event_ap": _mean(event_ap[label]),
        }
        for label, name in enumerate(classes)
    }


def _rows(instances: Sequence[Any], classes: Sequence[str], *, with_score: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "start": round(item.start, 4),
            "end": round(item.end, 4),
            "label": classes[item.label],
            **({"score": round(item.score, 4)} if with_score else {}),
        }
        for item in instances
    ]


def _mean(values: np.ndarray) -> float | None:
    """Return the mean of the defined values; None where there is none."""
    finite = np.asarray(values)[np.isfinite(values)]
    return float(finite.mean()) if finite.size else None
