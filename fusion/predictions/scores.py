"""How one set of scores did, in the numbers that are quoted."""

from __future__ import annotations

from typing import Any

from fusion.predictions.metrics import mean_class_accuracy, predict_classes, top_k_correct
from fusion.predictions.predictions import FUSED, Predictions
from fusion.predictions.statistics import Bootstrap, clusters
from modalities.checks import check_choice, fail


def score_predictions(predictions: Predictions, stream: str) -> dict[str, Any]:
    """Mean class accuracy with its 95 % interval, top-1 and top-5 of a stream of labelled predictions; JSON values."""
    labels, present = predictions.labels, predictions.present[stream]
    predicted = predict_classes(predictions.scores[stream], present)
    over, groups = clusters(dict(predictions.groups))
    interval = Bootstrap(labels, groups=groups).interval(predicted == labels)
    top1, top5 = (float(top_k_correct(predictions.scores[stream], labels, k, present).mean()) for k in (1, 5))
    return {
        "mean_class_accuracy": mean_class_accuracy(labels, predicted),
        "ci95": list(interval),
        "ci95_over": over,
        "top1": top1,
        "top5": top5,
    }


def scored_stream(predictions: Predictions, stream: str | None = None) -> str:
    """The stream to judge: the one that is named, else ``fused``, else the only one.

    Raises:
        InputError: if it is unknown, or none is named and there are several.
    """
    known = sorted(predictions.scores)
    if stream is not None:
        return check_choice("stream to judge", stream, known)
    if FUSED in known:
        return FUSED
    if len(known) > 1:
        fail("stream to judge", f"be one of {', '.join(known)}", "none", "name it with --stream, or fuse them first")
    return known[0]
