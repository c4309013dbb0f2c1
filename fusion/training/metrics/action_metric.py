"""From a model's outputs to predictions and their accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fusion.predictions import (
    FUSED,
    Predictions,
    average_clips,
    mean_class_accuracy,
    predict_classes,
    top_k_correct,
)
from fusion.training.metrics.collecting_metric import CollectingMetric
from modalities.registry import METRICS


@METRICS.register_module()
class ActionMetric(CollectingMetric):
    """Collects scores, averages views, and measures top-1, top-5 and mean class accuracy of the fused score.

    ``predictions`` holds the last result: what ``test --dump`` writes.
    """

    predictions: Predictions

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        self.predictions = assemble(results, tuple(self.dataset_meta["classes"]))
        return accuracies(self.predictions)


def assemble(results: Sequence[Mapping[str, Any]], classes: tuple[str, ...]) -> Predictions:
    """Outputs of ``Recognizer.forward(mode="predict")`` of a whole split -> one row a sample.

    A model of one stream has no ``fused`` score besides it.
    """
    names = sorted({name for row in results for name in row["streams"]})
    scores: dict[str, np.ndarray] = {}
    features: dict[str, np.ndarray] = {}
    present: dict[str, np.ndarray] = {}
    for name in names:
        present[name] = np.array([name in row["streams"] for row in results])
        for store, key in ((scores, "score"), (features, "feature")):
            width = next(len(row["streams"][name][key]) for row in results if name in row["streams"])
            nothing = np.zeros(width, np.float32)
            store[name] = np.stack([row["streams"].get(name, {}).get(key, nothing) for row in results])
    kinds = dict.fromkeys(names, "logit")
    if len(names) > 1:
        scores[FUSED] = np.stack([row["fused"] for row in results])
        kinds[FUSED] = "logprob"
    return average_clips(
        ids=np.array([row["id"] for row in results]),
        clip_numbers=np.array([row["number"] for row in results]),
        labels=np.array([row["label"] for row in results]),
        classes=classes,
        scores=scores,
        kinds=kinds,
        present=present,
        features=features,
        spans=np.array([row["span"] for row in results]),
    )


def accuracies(predictions: Predictions) -> dict[str, float]:
    """Top-1, top-5 and mean class accuracy, 0–1, over the labelled samples."""
    known = predictions.select(predictions.labels >= 0)
    if len(known) == 0:
        return {}
    stream = FUSED if FUSED in known.scores else known.streams[0]
    scores, present, labels = known.scores[stream], known.present[stream], known.labels
    return {
        "mean_class_accuracy": mean_class_accuracy(labels, predict_classes(scores, present)),
        "top1": float(top_k_correct(scores, labels, 1, present).mean()),
        "top5": float(top_k_correct(scores, labels, 5, present).mean()),
    }
