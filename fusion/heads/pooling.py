"""From a feature map to one vector a sample, ignoring times that are not real and persons who are not there."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.checks import fail


def pool(feature_map: Tensor, axes: str, valid: Tensor, *, temporal_bins: int = 1) -> Tensor:
    """Mean over places, then over the valid times (and persons); over all of them where none is valid.

    The mean of all times forgets their order: sitting down and getting up look the same to it. With several
    ``temporal_bins`` the times are cut into that many equal parts, each has a mean of its own, and the parts are joined
    in order (as the heads of Carreira & Zisserman 2017 and Das et al. 2019 keep the positions in time apart).

    Shapes: ``"BCTHW"`` with valid ``[B, T]``, ``"BMCTV"`` with valid ``[B, M, T]`` -> ``[B, segments · C]``;
    ``"BC"`` -> ``[B, C]``.

    Raises:
        InputError: for other axes.
    """
    if axes == "BC":
        return feature_map
    if axes == "BCTHW":
        values, real = feature_map.mean((3, 4)), valid  # [B, C, T], [B, T]
    elif axes == "BMCTV":
        values = feature_map.mean(4).permute(0, 2, 3, 1)  # [B, C, T, M]
        real = valid.transpose(1, 2)  # [B, T, M]
    else:
        fail("feature map", "have axes BCTHW, BMCTV or BC", axes)
    times = values.shape[2]
    parts = []
    for part in range(temporal_bins):
        start, end = part * times // temporal_bins, -(-(part + 1) * times // temporal_bins)  # never empty
        parts.append(_masked_mean(values[:, :, start:end].flatten(2), real[:, start:end].flatten(1)))
    return torch.cat(parts, dim=1)


def _masked_mean(values: Tensor, valid: Tensor) -> Tensor:
    """``[B, C, N]``, bool ``[B, N]`` -> ``[B, C]``."""
    weight = (valid | ~valid.any(1, keepdim=True)).to(values.dtype)[:, None]  # [B, 1, N]
    return (values * weight).sum(2) / weight.sum(2)
