"""Action transformer: a query of the clip's middle frame attends over the map of a video network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.valid_times import valid_at, valid_or_all

LOCATION_CHANNELS = 8
"""Channels of the embedding of a time, and of that of a place."""


class ActionTransformerUnit(nn.Module):
    r"""Unit of the action transformer: the query attends over keys and values, then two linear layers.

    A head weighs the values with ``softmax_j(q · k_j / √D)``. The weighted sum, and after it the output of the linear
    layers, is added to the query and normalised.

    Args:
        channels: channels of the query.
        memory_channels: channels of what keys and values are linear maps of.
        heads: number of heads, a divisor of ``channels``.
        dropout: dropout probability of both branches, 0–1.

    Shapes: ``query`` ``[B, channels]``, ``memory`` ``[B, N, memory_channels]``, ``valid`` bool ``[B, N]`` ->
    ``[B, channels]`` and the weights ``[B, heads, N]``.
    """

    def __init__(self, *, channels: int, memory_channels: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(memory_channels, channels, bias=False)  # a constant would not change the softmax
        self.value = nn.Linear(memory_channels, channels)
        self.norm1 = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, channels), nn.ReLU(), nn.Linear(channels, channels))
        self.norm2 = nn.LayerNorm(channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, query: Tensor, memory: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        queries = self.query(query).unflatten(1, (self.heads, 1, -1))  # [B, heads, 1, D]
        keys = self.key(memory).unflatten(2, (self.heads, -1)).transpose(1, 2)  # [B, heads, N, D]
        values = self.value(memory).unflatten(2, (self.heads, -1)).transpose(1, 2)
        similarity = (queries @ keys.transpose(2, 3)).squeeze(2) / keys.shape[3] ** 0.5  # [B, heads, N]
        weights = similarity.masked_fill(~valid[:, None], float("-inf")).softmax(2)
        attended = (weights[:, :, None] @ values).flatten(1)  # [B, heads, 1, D] -> [B, channels]
        query = self.norm1(query + self.dropout(attended))
        return self.norm2(query + self.dropout(self.mlp(query))), weights


@MODELS.register_module()
class ActionTransformer(Encoder):
    """Action transformer (Girdhar et al. 2019, Video Action Transformer Network) over any video network.

    It is a detection head: the paper's query is the feature of a person's box in the middle frame, found by a region
    proposal network. Here the box is the whole frame, so that a clip gets one query and no boxes are needed; the
    paper's embedding of the box is then a constant. The map at the middle valid time, reduced by a 1×1 convolution and
    max-pooled to a grid, keeps its layout in the query. Keys and values are linear maps of all valid times and places,
    whose location relative to the middle goes through two layers and is concatenated. The sizes of the reduced map, of
    the location embedding and of the two linear layers of a unit are this project's.

    Args:
        trunk: config of an encoder with a map of axes ``BCTHW``, without ``in_channels``; published: Inception-I3D up
            to ``Mixed_4f``.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        channels: channels of query, keys and values; published: 128.
        heads: number of heads of each unit; published: 2.
        layers: number of units; published: 3.
        roi_size: height and width of the grid of the box's feature.
        dropout: dropout probability of the units, 0–1.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` bool ``[B, T]`` -> ``map`` of the trunk, ``pooled``
    ``[B, channels]``, the last query; ``taps`` of the trunk, and of each unit ``attention1``, ``attention2`` …
    ``[B, heads, T', H', W']``, its weights, which sum to 1.

    Raises:
        InputError: for a trunk with another map, or heads that do not divide ``channels``; on use, for data of another
            shape.
    """

    output_axes = "BCTHW"

    def __init__(
        self,
        *,
        trunk: Mapping[str, Any],
        in_channels: int = 3,
        channels: int = 128,
        heads: int = 2,
        layers: int = 3,
        roi_size: int = 7,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        if channels % heads:
            fail("ActionTransformer.channels", f"divide by its {heads} heads", channels)
        self.trunk: Encoder = MODELS.build({**trunk, "in_channels": in_channels})
        if self.trunk.output_axes != "BCTHW":
            fail("map of ActionTransformer.trunk", "have axes BCTHW", self.trunk.output_axes)
        self.in_channels = in_channels
        self.out_channels = self.trunk.out_channels
        self.pooled_channels = channels
        self.roi_size = roi_size
        self.reduce = nn.Conv2d(self.out_channels, channels, 1)
        self.query = nn.Linear(channels * roi_size**2, channels)
        self.time_embedding = _location_layers(1)
        self.place_embedding = _location_layers(2)
        memory_channels = self.out_channels + 2 * LOCATION_CHANNELS
        self.units = nn.ModuleList(
            ActionTransformerUnit(channels=channels, memory_channels=memory_channels, heads=heads, dropout=dropout)
            for _ in range(layers)
        )

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        output = self.trunk(data, valid)
        size = output.map.shape[2:]  # [T', H', W']
        map_valid = valid_at(valid_or_all(valid), size[0])
        query = self.whole_frame_query(output.map, map_valid)
        memory = torch.cat([output.map, self.location_embedding(output.map)], dim=1).flatten(2).transpose(1, 2)
        places_valid = map_valid.repeat_interleave(size[1] * size[2], dim=1)  # [B, T'·H'·W']
        taps = dict(output.taps)
        for number, unit in enumerate(self.units, start=1):
            query, weights = unit(query, memory, places_valid)
            taps[f"attention{number}"] = weights.unflatten(2, size)
        return EncoderOutput(output.map, query, taps, output.losses)

    def whole_frame_query(self, feature_map: Tensor, valid: Tensor) -> Tensor:
        """Return the query of the whole frame at the middle valid time: ``[B, C, T, H, W]`` -> ``[B, channels]``."""
        middle = middle_valid_time(valid)
        frame = feature_map.transpose(1, 2)[torch.arange(len(middle), device=middle.device), middle]  # [B, C, H, W]
        grid = F.adaptive_max_pool2d(self.reduce(frame), self.roi_size)  # RoIPool with the box of the whole frame
        return self.query(grid.flatten(1))

    def location_embedding(self, feature_map: Tensor) -> Tensor:
        """Return the embedding of time and place of each value: ``[B, C, T, H, W]`` -> ``[B, 16, T, H, W]``.

        Locations run from -1 to 1, 0 in the middle.
        """
        batch, _, *size = feature_map.shape
        ticks = [
            (2 * torch.arange(length, device=feature_map.device, dtype=feature_map.dtype) + 1) / length - 1
            for length in size
        ]
        times = self.time_embedding(ticks[0][:, None])[:, None, None].expand(*size, -1)  # [T, 8] -> [T, H, W, 8]
        rows, columns = torch.meshgrid(ticks[1], ticks[2], indexing="ij")
        places = self.place_embedding(torch.stack([rows, columns], dim=2)).expand(*size, -1)  # [H, W, 8] likewise
        return torch.cat([times, places], dim=3).permute(3, 0, 1, 2).expand(batch, -1, -1, -1, -1)


def middle_valid_time(valid: Tensor) -> Tensor:
    """Return the index of the middle one of the valid times, the later of two: bool ``[B, T]`` -> int ``[B]``."""
    rank = valid.cumsum(1)
    return (rank > valid.sum(1, keepdim=True) // 2).int().argmax(1)


def _location_layers(coordinates: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(coordinates, LOCATION_CHANNELS), nn.ReLU(), nn.Linear(LOCATION_CHANNELS, LOCATION_CHANNELS)
    )
