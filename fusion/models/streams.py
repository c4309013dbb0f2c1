"""Streams through their encoders; a stream that a sample lacks is handled here and only here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from fusion.heads.pooling import pool
from modalities.encoder import Encoder


@dataclass(frozen=True)
class Features:
    """What one stream knows of the samples that have it.

    Shapes: ``rows`` int ``[P]``, the samples of the batch that have the stream; ``map`` ``[P, …]`` in ``axes``;
    ``valid`` bool ``[P, T]`` or ``[P, M, T]`` at the map's times; ``pooled`` ``[P, C]`` where the network pools itself.
    """

    rows: Tensor
    map: Tensor
    valid: Tensor
    axes: str
    pooled: Tensor | None = None

    def vector(self, temporal_bins: int = 1) -> Tensor:
        """One vector a sample, ``[P, segments · C]``; ``[P, C]`` where the network pools itself."""
        if self.pooled is not None:
            return self.pooled
        return pool(self.map, self.axes, self.valid, temporal_bins=temporal_bins)

    def with_map(self, feature_map: Tensor) -> Features:
        return replace(self, map=feature_map, pooled=None)


def encode(encoder: Encoder, entry: Mapping[str, Any]) -> tuple[Features | None, Tensor]:
    """Run the encoder on the samples that have the stream.

    Absent samples never reach the network, so that they cannot touch batch statistics. If no sample has it, the
    features are None and the second value, 0·Σ parameters, ties the parameters into the loss, so that distributed
    training does not wait for their gradients; it is 0 in every case.
    """
    rows = entry["present"].nonzero().squeeze(1)
    nothing = entry["data"].new_zeros(())
    if len(rows) == 0:
        return None, nothing + zero_loss(encoder)
    data, valid = entry["data"], entry["valid"]
    if len(rows) < len(data):
        data, valid = data[rows], valid[rows]
    output = encoder(data, valid)
    axes = encoder.output_axes
    times = output["map"].shape[axes.index("T")] if "T" in axes else 1
    return Features(rows, output["map"], valid_at(valid, times), axes, output.get("pooled")), nothing


def zero_loss(module: nn.Module | None) -> Tensor | float:
    """0·Σ parameters: distributed training then finds a gradient, zero, where a module had nothing to do."""
    return sum(parameter.sum() * 0 for parameter in module.parameters()) if module is not None else 0.0


def valid_at(valid: Tensor, times: int) -> Tensor:
    """Validity at the times of a feature map: valid where any input time it stands for is.

    Shapes: bool ``[…, T]`` -> bool ``[…, times]``.
    """
    if valid.shape[-1] == times:
        return valid
    before, place = valid.shape[-1], torch.arange(valid.shape[-1], device=valid.device)
    start = torch.arange(times, device=valid.device)[:, None] * before // times
    end = -(-(torch.arange(times, device=valid.device)[:, None] + 1) * before // times)
    return (valid[..., None, :] & (place >= start) & (place < end)).any(-1)  # [..., times, T] -> [..., times]


def scatter(values: Tensor, rows: Tensor, size: int) -> Tensor:
    """Put the rows of present samples back into a batch of ``size``; zero elsewhere. ``[P, K]`` -> ``[B, K]``."""
    if len(rows) == size:
        return values
    return torch.zeros(size, *values.shape[1:], dtype=values.dtype, device=values.device).index_copy(0, rows, values)
