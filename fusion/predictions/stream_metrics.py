"""Quoted metrics of one stream of predictions."""

from __future__ import annotations

from typing import Any

from triad.fusion.predictions.grouping import select_clusters
from triad.fusion.predictions.metrics import mean_class_accuracy, predict_classes, top_k_correct
from triad.fusion.predictions.predictions import Predictions
from triad.fusion.predictions.statistics import Bootstrap
from triad.fusion.predictions.stream_names import FUSED
from triad.modalities.checks import check_choice, fail


def compute_stream_metrics(predictions: Predictions, stream: str) -> dict[str, Any]:
    """Return mean class accuracy with its 95 % interval, top-1 and top-5 accuracy of a stream, as JSON values.

    Args:
        predictions: labelled predictions.
        stream: name of the stream, ``fused`` included.
    """
    labels = predictions.labels
    scores = predictions.scores[stream]
    present = predictions.present[stream]
    predicted = predict_classes(scores, present)
    unit, groups = select_clusters(predictions.groups)
    bootstrap = Bootstrap(labels, groups=groups)
    return {
        "mean_class_accuracy": mean_class_accuracy(labels, predicted),
        "ci95": bootstrap.interval(predicted == labels),
        "ci95_over": unit,
        "ci95_units": bootstrap.num_units,
        "ci95_resamples": bootstrap.num_resamples,
        "top1": float(top_k_correct(scores, labels, 1, present).mean()),
        "top5": float(top_k_correct(scores, labels, 5, present).mean()),
    }


def choose_stream(predictions: Predictions, name: str | None = None) -> str:
    """Return the stream to evaluate: ``name`` if given, otherwise ``fused``, otherwise the only stream.

    Raises:
        InputError: If the name is unknown, or no name is given and there are several streams.
    """
    streams = sorted(predictions.scores)
    if name is not None:
        return check_choice("stream to evaluate", name, streams)
    if FUSED in streams:
        return FUSED
    if len(streams) > 1:
        cure = "name it with --stream, or fuse them first"
        fail("stream to evaluate", f"be one of {', '.join(streams)}", "none", cure)
    return streams[0]
