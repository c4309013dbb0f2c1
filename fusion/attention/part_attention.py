"""Attention over body parts driven by pose.

Das, Chaudhary, Bremond, Thonnat 2019, Where to Focus on for Human Action Recognition? (WACV).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.attention.driving_stream import match_rows, vectors_of
from triad.fusion.models import (
    AttentionMap,
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamFeatures,
    shape_of,
    union_rows,
)
from triad.modalities.checks import check_choice, fail
from triad.modalities.registry import MODELS

FUSIONS = ("sum", "concat")


@MODELS.register_module()
class PartAttention(FusionModule):
    """Attention over the networks of body parts, computed from the pose.

    Streams of body parts, such as :class:`~triad.fusion.transforms.PartCrop` makes them, have a network each. The pose
    vector h gives one weight a part, softmax(W₂ tanh(W₁ h)); the weighted maps are summed or concatenated and become
    the map of the last part. W₂ begins with zeros, so that all parts count alike before training.

    The weights of a sample are shared among the parts that it has; a sample without a pose has equal weights.

    Args:
        shapes: shapes of the features of all streams.
        body_parts: names of the streams of the parts; maps of one shape, of axes ``BCTHW``, ``BTNC``, ``BCT`` or
            ``BC``. The last one takes the fused map.
        pose: name of the stream that drives the attention; any axes.
        hidden: hidden channels.
        fusion: ``sum`` or ``concat``.

    Shapes: maps ``[P, C, …]`` of each part -> ``[P, C, …]``, or ``[P, parts · C, …]`` of ``concat``.

    Raises:
        InputError: If a stream is missing, there are fewer than two parts, or their maps differ in shape.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        body_parts: Sequence[str],
        pose: str,
        hidden: int = 128,
        fusion: str = "sum",
    ) -> None:
        super().__init__()
        name = type(self).__name__
        if len(body_parts) < 2 or len(set(body_parts)) < len(body_parts):
            fail(f"{name}.body_parts", "name at least two different streams", list(body_parts))
        part_shapes = [
            shape_of(name, "body_parts", stream, shapes, ["BCTHW", "BTNC", "BCT", "BC"]) for stream in body_parts
        ]
        if len({(shape.axes, shape.sizes) for shape in part_shapes}) > 1:
            got = [shape.sizes for shape in part_shapes]
            fail(f"maps of {name}.body_parts", "have one shape", got, "give all parts the same size and encoder")
        self.body_parts = tuple(body_parts)
        self.pose = pose
        self.fusion = check_choice(f"{name}.fusion", fusion, FUSIONS)
        shape = part_shapes[-1]
        self.channel_axis = shape.axes.index("C")
        channels = shape.channels * (len(body_parts) if fusion == "concat" else 1)
        self.out_shapes = {self.body_parts[-1]: shape.with_channels(channels)}
        self.hidden = nn.Linear(shape_of(name, "pose", pose, shapes).vector_channels, hidden)
        self.score = nn.Linear(hidden, len(body_parts))
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        present = [features[stream] for stream in self.body_parts if stream in features]
        if not present:
            return FusionOutput(features)
        anyone = _all_rows(present, batch["number"].shape[0])
        vectors, has_pose = vectors_of(features.get(self.pose), anyone)
        scores = anyone.map.new_zeros(len(anyone.rows), len(self.body_parts))
        if vectors is not None:
            pose_scores = self.score(self.hidden(vectors).tanh())
            scores = torch.where(has_pose[:, None], pose_scores, scores.to(pose_scores.dtype))
        positions = [match_rows(features.get(stream), anyone) for stream in self.body_parts]
        has_part = torch.stack([is_there for _, is_there in positions], 1)  # [P, parts]
        weights = torch.where(has_part, scores, -torch.inf).softmax(1)
        maps: list[Tensor] = []
        valid = torch.zeros_like(anyone.valid)
        for number, stream in enumerate(self.body_parts):
            rows, is_there = positions[number]
            if rows is None:
                maps.append(torch.zeros_like(anyone.map))
                continue
            weight = _like(weights[:, number], anyone.map)
            maps.append(torch.where(_like(is_there, anyone.map), features[stream].map[rows] * weight, 0.0))
            valid = valid | (features[stream].valid[rows] & is_there[:, None])
        fused = torch.cat(maps, self.channel_axis) if self.fusion == "concat" else torch.stack(maps).sum(0)
        output = StreamFeatures(anyone.rows, fused, valid, anyone.axes, samples=anyone.samples)
        attention = AttentionMap(self.body_parts[-1], "BN", weights, anyone.rows, has_pose, self.body_parts)
        return FusionOutput({**features, self.body_parts[-1]: output}, {}, {"parts": attention})


def _all_rows(body_parts: Sequence[StreamFeatures], size: int) -> StreamFeatures:
    """Return features, of which only rows and shapes count, for every sample of the batch that has one of the parts."""
    rows, samples = union_rows(body_parts, size)
    same = next((features for features in body_parts if features.rows is rows), None)
    if same is not None:
        return same
    first = body_parts[0]
    feature_map = first.map.new_zeros(len(rows), *first.map.shape[1:])
    valid = first.valid.new_zeros(len(rows), first.valid.shape[1])
    return StreamFeatures(rows, feature_map, valid, first.axes, samples=samples)


def _like(values: Tensor, feature_map: Tensor) -> Tensor:
    """Return one value a sample, to be multiplied with a map: ``[P]`` -> ``[P, 1, …]``."""
    return values.view(-1, *[1] * (feature_map.ndim - 1))
