"""One late fusion of finished predictions, and how it did."""

from __future__ import annotations

from typing import Any

from fusion.evaluation.joining import check_disjoint
from fusion.evaluation.metrics import mean_class_accuracy, predict_classes, top_k_correct
from fusion.evaluation.predictions import FUSED, Predictions
from fusion.evaluation.statistics import Bootstrap, clusters
from fusion.heads.late_methods import LateFusion, late_fusion


def fuse_predictions(test: Predictions, val: Predictions, *, method: str) -> tuple[Predictions, LateFusion]:
    """``test`` with a stream ``fused``, by a fusion of all its streams that was learned on ``val`` alone.

    Raises:
        InputError: if the method is unknown, or the two sets share a sample or do not fit each other.
    """
    fusion = late_fusion(method)
    check_disjoint(val, test)
    fusion.fit(val, test.streams)
    present = test.present_any(test.streams)
    meta = {"fusion": {"method": method, "streams": list(test.streams), "num_validation": len(val)}}
    return test.with_stream(FUSED, fusion.predict(test), kind=fusion.kind, present=present, meta=meta), fusion


def fusion_summary(fused: Predictions, fusion: LateFusion) -> dict[str, Any]:
    """What was learned, and the accuracy of ``fused`` with its 95 % interval; JSON values.

    ``weights`` only where the method has weights, ``C`` only where it has a C; no accuracies without labels.
    """
    streams = fusion.calibration_.streams_
    summary: dict[str, Any] = {
        **fused.meta["fusion"],
        "num_test": len(fused),
        "temperatures": fusion.calibration_.temperatures_,
    }
    if hasattr(fusion, "weights_"):
        summary["weights"] = dict(zip(streams, fusion.weights_.tolist(), strict=True))
    if hasattr(fusion, "C_"):
        summary["C"] = fusion.C_
    if fused.labels.ndim == 1 and (fused.labels >= 0).all():
        scores, present = fused.scores[FUSED], fused.present[FUSED]
        predicted = predict_classes(scores, present)
        over, groups = clusters(dict(fused.groups))
        interval = Bootstrap(fused.labels, groups=groups).interval(predicted == fused.labels)
        summary |= {
            "mean_class_accuracy": mean_class_accuracy(fused.labels, predicted),
            "ci95": list(interval),
            "ci95_over": over,
            "top1": float(top_k_correct(scores, fused.labels, 1, present).mean()),
            "top5": float(top_k_correct(scores, fused.labels, 5, present).mean()),
        }
    return summary
