"""Scores of all heads for a batch, and the predictions that are made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from triad.fusion.models.fused_score import JOINT
from triad.fusion.models.fusion_module import AttentionMap, Features
from triad.fusion.models.streams import StreamFeatures, count_streams, scatter, take_rows, union_rows


@dataclass(frozen=True)
class Classification:
    """Features of a batch after all fusion modules, and the scores of all heads.

    Args:
        features: features of the streams that some sample has.
        vectors: vector of each stream that heads read, ``[P, C]``.
        scores: logits ``[P, K]`` of each head, by stream and ``joint``, and the samples that they belong to.
        losses: auxiliary losses by name.
        maps: attention of the fusion modules by name.
    """

    features: Features
    vectors: Mapping[str, Tensor]
    scores: Mapping[str, tuple[Tensor, Tensor]]
    losses: dict[str, Tensor] = field(default_factory=dict)
    maps: Mapping[str, AttentionMap] = field(default_factory=dict)


def predictions_of(
    classification: Classification, batch: Mapping[str, Any], streams: Collection[str], fused: Tensor | None
) -> list[dict[str, Any]]:
    """Return one prediction a sample: scores and vectors of its streams and, of several, the fused score.

    Args:
        classification: scores of the batch.
        batch: prepared batch.
        streams: streams that have scores of their own.
        fused: fused log-probabilities, ``[B, K]``; None for a model whose answer is that of its only stream.
    """
    size = batch["number"].shape[0]
    names = [name for name in classification.scores if name in streams]
    scores = {
        name: scatter(classification.scores[name][0].float(), classification.scores[name][1], size).cpu().numpy()
        for name in names
    }
    vectors = {
        name: scatter(classification.vectors[name].float(), classification.features[name].rows, size).cpu().numpy()
        for name in names
    }
    answers = None if fused is None else fused.cpu().numpy()
    present = {name: batch[name]["present"].tolist() for name in names}
    fields = {key: batch[key].tolist() for key in ("number", "label", "span")}
    return [
        {
            "id": batch["id"][row],
            **{key: values[row] for key, values in fields.items()},
            **({} if answers is None else {"fused": answers[row]}),
            "streams": {
                name: {"score": scores[name][row], "feature": vectors[name][row]}
                for name in names
                if present[name][row]
            },
        }
        for row in range(size)
    ]


def present_rows(values: Tensor, features: Sequence[StreamFeatures]) -> tuple[Tensor, Tensor]:
    """Return the values of the samples that have one of several streams, and these samples.

    Shapes: ``[B, K]`` -> ``[P, K]``, int ``[P]``.
    """
    rows, _ = union_rows(features, values.shape[0])
    return take_rows(values, rows), rows


def weights_map(weights: Tensor, names: tuple[str, ...], features: Sequence[StreamFeatures]) -> AttentionMap:
    """Return a joint head's weights of its streams as a map; a sample with several of them drives it.

    Args:
        weights: weights of all samples of the batch, ``[B, N]``.
        names: names of the N streams.
        features: features of the streams that are there.
    """
    known, rows = present_rows(weights, features)
    driven = count_streams([stream.rows for stream in features], weights.shape[0])[rows] > 1
    return AttentionMap(JOINT, "BN", known, rows, driven, names)
