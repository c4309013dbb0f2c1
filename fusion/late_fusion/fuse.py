"""One late fusion of finished predictions, and how it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fusion.late_fusion.averaging import MeanFusion, ProductFusion
from fusion.late_fusion.methods import LateFusion, late_fusion
from fusion.predictions import FUSED, Predictions, check_disjoint, compute_stream_metrics
from modalities.checks import check_choice, fail

GIVEN_METHODS = {"mean": MeanFusion, "product": ProductFusion}
"""Fusions that take given weights."""


def fuse_predictions(test: Predictions, val: Predictions, *, method: str) -> tuple[Predictions, LateFusion]:
    """``test`` with a stream ``fused``, by a fusion of all its streams that was learned on ``val`` alone.

    Raises:
        InputError: if the method is unknown, or the two sets share a sample or do not fit each other.
    """
    fusion = late_fusion(method)
    check_disjoint(val, test)
    fusion.fit(val, test.streams)
    return _fused(test, fusion, num_validation=len(val)), fusion


def fuse_given(
    test: Predictions, weights: Mapping[str, float], *, method: str = "mean"
) -> tuple[Predictions, LateFusion]:
    """``test`` with a stream ``fused``, by given weights of all its streams; nothing is learned, and no label is read.

    ``mean`` weighs probabilities, as pyskl does with its 2 : 2 : 1 : 1 (``average_clips="prob"``): a stream that is
    very sure counts no more than its weight. ``product`` weighs log-probabilities; it decides as the sum of raw scores
    in 2s-AGCN and CTR-GCN, for a logit differs from its log-probability by a number that is the same for all classes;
    there a stream with large logits counts more. Which is better is for validation to say.

    Args:
        test: joined predictions.
        weights: ``{stream: weight}``, of every stream, at least 0; only their ratio matters.
        method: ``mean`` or ``product``.

    Raises:
        InputError: if the method learns, or the weights do not fit the streams.
    """
    fusion = GIVEN_METHODS[check_choice("fusion method of given weights", method, GIVEN_METHODS)]()
    if set(weights) != set(test.streams):
        fail("given weights", f"be of the streams {', '.join(test.streams)}", ", ".join(weights))
    fusion.assume(test, {stream: weights[stream] for stream in test.streams})
    return _fused(test, fusion, num_validation=0), fusion


def read_weights(words: Sequence[str], parts: Sequence[Sequence[str]]) -> dict[str, float]:
    """Weights as they are typed: one number a part, in their order, or ``stream=number`` for each stream.

    Args:
        words: as typed.
        parts: the streams of each file or model.

    Raises:
        InputError: if a word is no number, there are more or fewer of them than files, or a file has several streams.
    """
    named = [word.rpartition("=") for word in words]
    values = []
    for _, _, text in named:
        try:
            values.append(float(text))
        except ValueError:
            fail("--weights", "be numbers, or stream=number", f"'{text}'")
    if all(name for name, _, _ in named):
        given = {name: value for (name, _, _), value in zip(named, values, strict=True)}
        if len(given) < len(words):
            fail("--weights", "name each stream once", " ".join(words))
        return given
    if any(name for name, _, _ in named) or len(words) != len(parts):
        fail("--weights", f"be one number for each of the {len(parts)} given, or stream=number", " ".join(words))
    for number, streams in enumerate(parts, start=1):
        if len(streams) != 1:
            cure = "write --weights as stream=number"
            fail(f"part {number} that is weighed by position", "have one stream", ", ".join(streams), cure)
    return {streams[0]: value for streams, value in zip(parts, values, strict=True)}


def _fused(test: Predictions, fusion: LateFusion, *, num_validation: int) -> Predictions:
    present = test.any_present(test.streams)
    meta = {"fusion": {"method": fusion.method, "streams": list(test.streams), "num_validation": num_validation}}
    return test.with_stream(FUSED, fusion.predict(test), kind=fusion.kind, present=present, meta=meta)


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
        summary |= compute_stream_metrics(fused, FUSED)
    return summary
