"""Encoding of streams; a stream that a sample lacks is handled here and only here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from fusion.heads import pool
from modalities.encoder import Encoder


@dataclass(frozen=True)
class StreamFeatures:
    """Features of one stream for the samples of a batch that have it.

    Shapes: ``rows`` int ``[P]``, the samples of the batch that have the stream; ``map`` ``[P, …]`` in ``axes``;
    ``valid`` bool ``[P, T]`` or ``[P, M, T]`` at the map's times; ``pooled`` ``[P, C]`` where the network pools itself.
    """

    rows: Tensor
    map: Tensor
    valid: Tensor
    axes: str
    pooled: Tensor | None = None

    def vector(self, temporal_bins: int = 1) -> Tensor:
        """Return one vector a sample, ``[P, temporal_bins · C]``; ``[P, C]`` where the network pools itself."""
        if self.pooled is not None:
            return self.pooled
        return pool(self.map, self.axes, self.valid, temporal_bins=temporal_bins)

    def with_map(self, feature_map: Tensor) -> StreamFeatures:
        return replace(self, map=feature_map, pooled=None)


def encode_stream(encoder: Encoder, entry: Mapping[str, Any]) -> tuple[StreamFeatures | None, Tensor]:
    """Run the encoder on the samples that have the stream.

    Absent samples never reach the network, so that they cannot change batch statistics. If no sample has the stream,
    the features are None and the second value, 0·Σ parameters, ties the parameters to the loss, so that distributed
    training does not wait for their gradients; it is 0 in every case.
    """
    rows = entry["present"].nonzero().squeeze(1)
    zero = entry["data"].new_zeros(())
    if len(rows) == 0:
        return None, zero + zero_loss(encoder)
    data = entry["data"]
    valid = entry["valid"]
    if len(rows) < len(data):
        data = data[rows]
        valid = valid[rows]
    output = encoder(data, valid)
    axes = encoder.output_axes
    num_times = output["map"].shape[axes.index("T")] if "T" in axes else 1
    return StreamFeatures(rows, output["map"], valid_at(valid, num_times), axes, output.get("pooled")), zero


def zero_loss(module: nn.Module | None) -> Tensor | float:
    """Return 0·Σ parameters: distributed training then finds a gradient, zero, where a module was not used."""
    return sum(parameter.sum() * 0 for parameter in module.parameters()) if module is not None else 0.0


def valid_at(valid: Tensor, num_times: int) -> Tensor:
    """Return validity at the times of a feature map: valid where any input time that it stands for is.

    Shapes: bool ``[…, T]`` -> bool ``[…, num_times]``.
    """
    input_times = valid.shape[-1]
    if input_times == num_times:
        return valid
    position = torch.arange(input_times, device=valid.device)
    start = torch.arange(num_times, device=valid.device)[:, None] * input_times // num_times
    end = -(-(torch.arange(num_times, device=valid.device)[:, None] + 1) * input_times // num_times)
    return (valid[..., None, :] & (position >= start) & (position < end)).any(-1)  # [..., times, T] -> [..., times]


def scatter(values: Tensor, rows: Tensor, size: int) -> Tensor:
    """Put the rows of present samples back into a batch of ``size``; zero elsewhere. ``[P, K]`` -> ``[B, K]``."""
    if len(rows) == size:
        return values
    return torch.zeros(size, *values.shape[1:], dtype=values.dtype, device=values.device).index_copy(0, rows, values)
