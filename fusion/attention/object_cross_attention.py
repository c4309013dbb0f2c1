"""Cross-attention from a stream's features to detected objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from triad.fusion.attention.driving_stream import match_rows
from triad.fusion.attention.stream_tokens import StreamTokens
from triad.fusion.models import (
    AttentionMap,
    Features,
    FeatureShape,
    FusionModule,
    FusionOutput,
    StreamFeatures,
    shape_of,
)
from triad.modalities.checks import fail
from triad.modalities.objects import get_vocabulary
from triad.modalities.objects.encoder import OBJECTS
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.transformers.layers import resize_times


@MODELS.register_module()
class ObjectCrossAttention(FusionModule):
    """Times and places of a video, or joints of a skeleton, look at the objects of the clip.

    Every token of the stream's map is a query, every object of every time a key (Vaswani et al. 2017, Attention Is All
    You Need); what the objects say is added to the map through a projection that begins with zeros, so that the module
    is the identity before training. A sample without objects, or without the stream of objects, keeps its map.

    Args:
        shapes: shapes of the features of all streams.
        objects: name of the stream of objects, of :class:`~triad.modalities.objects.encoder.ObjectSetEncoder`.
        query: name of the stream that looks at them; any axes.
        vocabulary: name of the vocabulary of the objects, for pictures.
        width: channels of queries and keys.
        heads: number of heads.

    Shapes: map ``[P, …]`` -> ``[P, …]``. The attention map says how much each class of objects is looked at, averaged
    over queries and heads, ``[P, classes]``; it sums to 1 where there is an object.

    Raises:
        InputError: If a stream is missing, the objects' map has other axes, or heads do not divide the width.
    """

    def __init__(
        self,
        *,
        shapes: Mapping[str, FeatureShape],
        objects: str,
        query: str,
        vocabulary: str,
        width: int = 64,
        heads: int = 4,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        object_shape = shape_of(name, "objects", objects, shapes, ["BCT"])
        query_shape = shape_of(name, "query", query, shapes)
        if width % heads:
            fail(f"{name}.width", f"be a multiple of {heads} heads", width)
        self.objects = objects
        self.query = query
        self.classes = get_vocabulary(vocabulary)
        self.heads = heads
        self.out_shapes = {query: query_shape.with_channels(query_shape.channels)}
        self.queries = StreamTokens(query_shape, width)
        self.query_norm = nn.LayerNorm(width)
        self.keys = nn.Linear(object_shape.channels, width)
        self.values = nn.Linear(object_shape.channels, width)
        self.times = nn.Parameter(torch.zeros(1, object_shape.size("T"), width))
        nn.init.trunc_normal_(self.times, std=0.02)
        self.output = nn.Linear(width, query_shape.channels)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        query = features.get(self.query)
        positions, has_stream = match_rows(features.get(self.objects), query) if query is not None else (None, None)
        if query is None or positions is None or has_stream is None:
            return FusionOutput(features)
        objects, is_present = object_tokens(features[self.objects])
        is_present = is_present[positions] & has_stream[:, None, None]  # [P, T, K]
        objects = objects[positions]
        queries = self.query_norm(self.queries(query)[0])  # [P, N, width]
        keys = self.keys(objects) + resize_times(self.times, objects.shape[1], mode="linear").transpose(0, 1)
        attended, weights = self._attend(queries, keys.flatten(1, 2), self.values(objects).flatten(1, 2), is_present)
        changed = self.output(attended) * is_present.any((1, 2))[:, None, None]
        fused = query.with_map(query.map + self.queries.to_map(changed, query))
        maps: dict[str, AttentionMap] = {}
        labels = batch.get(self.objects, {}).get("labels")
        if labels is not None and labels.shape[1:] == is_present.shape[1:]:
            by_class = weights.new_zeros(len(weights), len(self.classes))
            by_class = by_class.scatter_add(1, labels[query.rows].flatten(1), weights.detach())
            maps["objects"] = AttentionMap(self.query, "BN", by_class, query.rows, is_present.any((1, 2)), self.classes)
        return FusionOutput({**features, self.query: fused}, {}, maps)

    def _attend(self, queries: Tensor, keys: Tensor, values: Tensor, is_present: Tensor) -> tuple[Tensor, Tensor]:
        """Return what each query finds, and the weight of each object averaged over queries and heads.

        Shapes: ``[P, N, C]``, ``[P, S, C]``, ``[P, S, C]``, bool ``[P, T, K]`` -> ``[P, N, C]``, ``[P, S]``.
        """
        query, key, value = (
            tokens.unflatten(2, (self.heads, -1)).transpose(1, 2) for tokens in (queries, keys, values)
        )
        scores = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5  # [P, heads, N, S]
        mask = is_present.flatten(1)[:, None, None]
        weights = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(-1) * mask
        return (weights @ value).transpose(1, 2).flatten(2), weights.mean((1, 2))


def object_tokens(features: StreamFeatures) -> tuple[Tensor, Tensor]:
    """Return the features of each object and whether it is there; of stored features, of the set of each time.

    Shapes: ``[P, T, K, C]``, bool ``[P, T, K]``.
    """
    tokens = features.taps.get(OBJECTS)
    if tokens is None:
        tokens = features.map.transpose(1, 2)[:, :, None]
    return tokens, (tokens != 0).any(-1) & features.valid[:, :, None]
