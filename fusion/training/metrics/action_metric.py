"""Metric that turns a recognizer's outputs into predictions and their accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from mmengine.logging import MessageHub

from triad.fusion.predictions import (
    AVERAGES,
    FUSED,
    Predictions,
    average_clips,
    class_average_precision,
    mean_class_accuracy,
    predict_classes,
    select_columns,
    top_k_correct,
)
from triad.fusion.training.metrics.collecting_metric import CollectingMetric
from triad.modalities.checks import check_choice, fail, shorten
from triad.modalities.registry import METRICS


@METRICS.register_module()
class ActionMetric(CollectingMetric):
    """Top-1, top-5 and mean class accuracy of the fused score, averaged over the views of a sample.

    Of samples with several classes, the mean average precision over the classes that occur.

    Args:
        average_clips: what is averaged over views, ``prob`` or ``score``; by default the scores of every stream and the
            probabilities of the fused score, see :func:`triad.fusion.predictions.average_clips`.

    Attributes:
        predictions: predictions of the last evaluation, which ``triad test --dump`` writes.
        columns: column of each class of the dataset among the scores of the model, ``[K]``; None where they are equal.

    Raises:
        InputError: for another word.
    """

    predictions: Predictions
    columns: np.ndarray | None = None

    def __init__(self, *, average_clips: str | None = None) -> None:
        super().__init__()
        self.average_clips = None if average_clips is None else check_choice("average_clips", average_clips, AVERAGES)

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        classes = tuple(self.dataset_meta["classes"])
        # a sample with a label at every time gives one output a time
        outputs = [output for result in results for output in result.get("frames", (result,))]
        check_finite(outputs)
        self.predictions = to_predictions(outputs, classes, self.average_clips, columns=self.columns)
        return accuracies(self.predictions)


def check_finite(outputs: Sequence[Mapping[str, Any]]) -> None:
    """Refuse scores that are not finite: they are the model's fault, however sound the clip is.

    Args:
        outputs: outputs of ``Recognizer.forward(mode="predict")``, one a view.

    Raises:
        InputError: naming the epoch, where the model is in training, and clips.
    """
    ids = [
        output["id"]
        for output in outputs
        if not all(np.isfinite(stream["score"]).all() for stream in output["streams"].values())
    ]
    if ids:
        epoch = MessageHub.get_current_instance().runtime_info.get("epoch")
        when = "" if epoch is None else f" after epoch {epoch + 1}"
        clips = sorted(set(ids))
        num_clips = len({output["id"] for output in outputs})
        got = f"NaN or infinity for {len(clips)} of {num_clips} clips ({shorten(clips)})"
        fail(f"scores of the model{when}", "be finite", got, "lower the learning rate; earlier checkpoints are kept")


def to_predictions(
    outputs: Sequence[Mapping[str, Any]],
    classes: tuple[str, ...],
    average: str | None = None,
    *,
    columns: np.ndarray | None = None,
) -> Predictions:
    """Return the predictions of a whole split, one row a sample.

    Args:
        outputs: outputs of ``Recognizer.forward(mode="predict")``, one a view. A model of one stream has no
            ``fused`` score beside the stream's.
        classes: class names in the order of the scores.
        average: what is averaged over views, as in :class:`ActionMetric`.
        columns: column of each class among the scores of the outputs, ``[K]``; None where they are equal.
    """
    streams = sorted({name for output in outputs for name in output["streams"]})
    present = {name: np.array([name in output["streams"] for output in outputs]) for name in streams}
    scores = {name: _stack(outputs, name, "score") for name in streams}
    labels = np.array([output["label"] for output in outputs])
    multi_label = labels.ndim == 2
    kinds = dict.fromkeys(streams, "sigmoid" if multi_label else "logit")
    if FUSED in outputs[0]:
        scores[FUSED] = np.stack([output["fused"] for output in outputs])
        kinds[FUSED] = "sigmoid" if multi_label else "logprob"
    if columns is not None:
        scores = {name: select_columns(array, columns, kinds[name]) for name, array in scores.items()}
    return average_clips(
        ids=np.array([output["id"] for output in outputs]),
        clip_numbers=np.array([output["number"] for output in outputs]),
        labels=labels,
        classes=classes,
        scores=scores,
        kinds=kinds,
        present=present,
        features={name: _stack(outputs, name, "feature") for name in streams},
        spans=np.array([output["span"] for output in outputs]),
        average=average,
    )


def _stack(outputs: Sequence[Mapping[str, Any]], stream: str, key: str) -> np.ndarray:
    """Return the vectors of one stream; zeros where a sample lacks it. Shapes: float32 ``[N, C]``."""
    vectors = [output["streams"][stream][key] if stream in output["streams"] else None for output in outputs]
    zeros = np.zeros(next(len(vector) for vector in vectors if vector is not None), np.float32)
    return np.stack([zeros if vector is None else vector for vector in vectors])


def accuracies(predictions: Predictions) -> dict[str, float]:
    """Return top-1, top-5 and mean class accuracy over the labelled samples, 0–1; mAP where they are multi-label."""
    labelled = predictions.select(predictions.labelled)
    if len(labelled) == 0:
        return {}
    stream = FUSED if FUSED in labelled.scores else labelled.streams[0]
    if labelled.multi_label:
        precisions = class_average_precision(labelled, stream)
        return {"mean_average_precision": float(np.nanmean(precisions))} if np.isfinite(precisions).any() else {}
    scores = labelled.scores[stream]
    present = labelled.present[stream]
    labels = labelled.labels
    return {
        "mean_class_accuracy": mean_class_accuracy(labels, predict_classes(scores, present)),
        "top1": float(top_k_correct(scores, labels, 1, present).mean()),
        "top5": float(top_k_correct(scores, labels, 5, present).mean()),
    }
