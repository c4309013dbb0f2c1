"""Late fusion of all streams of predictions, learned or with fixed weights, and its summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triad.fusion.late_fusion.averaging import MeanFusion, ProductFusion
from triad.fusion.late_fusion.methods import LateFusion, build_late_fusion
from triad.fusion.late_fusion.multi_label import MultiLabelFusion, is_multi_label
from triad.fusion.predictions import (
    FUSED,
    Predictions,
    check_disjoint,
    compute_multi_label_metrics,
    compute_stream_metrics,
)
from triad.modalities.checks import check_choice, fail

FIXED_WEIGHT_METHODS: dict[str, type[MeanFusion | ProductFusion]] = {"mean": MeanFusion, "product": ProductFusion}
"""Fusions that take fixed weights, by name."""


def fuse_predictions(test: Predictions, val: Predictions, *, method: str) -> tuple[Predictions, LateFusion]:
    """Fit a fusion of all streams of ``test`` on ``val`` alone and apply it to ``test``.

    Args:
        test: joined predictions of the test split.
        val: joined predictions of the validation split, with every stream of ``test``.
        method: one of :data:`~triad.fusion.late_fusion.methods.LATE_METHODS`.

    Returns:
        ``test`` with the stream ``fused``, and the fitted fusion.

    Raises:
        InputError: If the method is unknown, or the two sets share a sample or do not fit each other.
    """
    fusion = build_late_fusion(method, multi_label=is_multi_label(test))
    val = check_disjoint(val, test)
    fusion.fit(val, test.streams)
    return _with_fused(test, fusion, num_validation=len(val)), fusion


def fuse_with_weights(
    test: Predictions, weights: Mapping[str, float], *, method: str = "mean"
) -> tuple[Predictions, LateFusion]:
    """Fuse all streams of ``test`` with fixed weights; nothing is learned and no label is read.

    ``mean`` weights probabilities, as pyskl does with its 2 : 2 : 1 : 1 (``average_clips="prob"``): a very confident
    stream counts no more than its weight. ``product`` weights log-probabilities, so a stream with large logits counts
    more. Its decision is that of the sum of raw scores in 2s-AGCN and CTR-GCN, because a logit differs from its
    log-probability by a number that is the same for all classes. Validation decides which of the two is better.

    Args:
        test: joined predictions.
        weights: ``{stream: weight}`` for every stream, at least 0; only their ratio matters.
        method: ``mean`` or ``product``.

    Returns:
        ``test`` with the stream ``fused``, and the fusion.

    Raises:
        InputError: If the method learns, or the weights do not fit the streams.
    """
    fusion = build_fixed_fusion(method, test)
    if set(weights) != set(test.streams):
        fail("fusion weights", f"name the streams {', '.join(test.streams)}", ", ".join(weights))
    fusion.set_weights(test, {stream: weights[stream] for stream in test.streams})
    return _with_fused(test, fusion, num_validation=0), fusion


def build_fixed_fusion(method: str, predictions: Predictions) -> MultiLabelFusion | MeanFusion | ProductFusion:
    """Return the fusion that takes fixed weights, for samples of one class or of several.

    Raises:
        InputError: If the method learns.
    """
    check_choice("fusion method with fixed weights", method, FIXED_WEIGHT_METHODS)
    if is_multi_label(predictions):
        return MultiLabelFusion(method)
    return FIXED_WEIGHT_METHODS[method]()


def parse_weights(words: Sequence[str], streams: Sequence[Sequence[str]]) -> dict[str, float]:
    """Parse the words of ``--weights``: one number for each file or model, or ``stream=number`` for each stream.

    Args:
        words: words of the command line.
        streams: names of the streams of each file or model, in order.

    Raises:
        InputError: If a word is no number, their number differs from that of the files or models, or a file or model
            that gets its weight by position has several streams.
    """
    names = []
    values = []
    for word in words:
        name, _, number = word.rpartition("=")
        names.append(name)
        try:
            values.append(float(number))
        except ValueError:
            fail("--weights", "be numbers, or stream=number", f"'{number}'")
    if all(names):
        if len(set(names)) < len(names):
            fail("--weights", "name each stream once", " ".join(words))
        return dict(zip(names, values, strict=True))
    if any(names) or len(words) != len(streams):
        must = f"be one number for each of the {len(streams)} files or models, or stream=number"
        fail("--weights", must, " ".join(words))
    for position, stream_names in enumerate(streams, start=1):
        if len(stream_names) != 1:
            cure = "write --weights as stream=number"
            fail(f"file or model {position}", "have one stream for its weight", ", ".join(stream_names), cure)
    return {stream_names[0]: value for stream_names, value in zip(streams, values, strict=True)}


def summarize_fusion(fused: Predictions, fusion: LateFusion) -> dict[str, Any]:
    """Return the learned values of a fusion and the accuracy of ``fused`` with its 95 % interval, as JSON values.

    ``weights`` and parameters such as ``C`` are included only for methods that have them, accuracies only where every
    sample is labelled.
    """
    summary: dict[str, Any] = {
        **fused.meta["fusion"],
        "num_test": len(fused),
        "temperatures": fusion.calibration_.temperatures_,
    }
    if hasattr(fusion, "weights_"):
        summary["weights"] = dict(zip(fusion.calibration_.streams_, fusion.weights_.tolist(), strict=True))
    summary |= getattr(fusion, "parameters_", {})
    if fused.multi_label:
        labelled = fused.select(fused.labelled)
        summary |= compute_multi_label_metrics(labelled, FUSED) if len(labelled) else {}
    elif fused.labelled.all():
        summary |= compute_stream_metrics(fused, FUSED)
    return summary


def _with_fused(test: Predictions, fusion: LateFusion, *, num_validation: int) -> Predictions:
    present = test.any_present(test.streams)
    meta = {"fusion": {"method": fusion.method, "streams": list(test.streams), "num_validation": num_validation}}
    return test.with_stream(FUSED, fusion.predict(test), kind=fusion.kind, present=present, meta=meta)
