"""Scores of all heads for a batch, and the predictions that are made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from fusion.models.fused_score import JOINT
from fusion.models.fusion_module import AttentionMap, Features
from fusion.models.streams import count_streams, scatter, union_rows


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


def present_rows(values: Tensor, rows: Sequence[Tensor], size: int) -> tuple[Tensor, Tensor]:
    """Return the values of the samples that have a stream, and these samples. Shapes: ``[P, K]``, int ``[P]``."""
    present = union_rows(rows, size)
    return (values if present.shape[0] == size else values[present]), present


def weights_map(weights: Tensor, names: tuple[str, ...], rows: Sequence[Tensor]) -> AttentionMap:
    """Return a joint head's weights of its streams as a map; a sample with several of them drives it.

    Args:
        weights: weights of all samples of the batch, ``[B, N]``.
        names: names of the N streams.
        rows: samples that have each of the streams that are there.
    """
    size = weights.shape[0]
    known, samples = present_rows(weights, rows, size)
    driven = count_streams(rows, size)[samples] > 1
    return AttentionMap(JOINT, "BN", known, samples, driven, names)
