"""Pooling of a feature map to one vector a sample, over valid times and present persons."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.checks import fail


def pool(feature_map: Tensor, axes: str, valid: Tensor, *, temporal_bins: int = 1) -> Tensor:
    """Return the mean over positions, then over the valid times (and persons), or over all where none is valid.

    The mean over all times does not depend on their order: sitting down and getting up look the same. With several
    ``temporal_bins`` the times are divided into equal bins, each bin has its own mean, and the means are concatenated
    in order (as the heads of Carreira & Zisserman 2017 and Das et al. 2019 keep positions in time apart).

    Args:
        feature_map: map of an encoder.
        axes: axes of the map, ``"BCTHW"``, ``"BMCTV"`` or ``"BC"``.
        valid: mask of valid times (of each person).
        temporal_bins: number of bins of the times.

    Shapes: ``"BCTHW"`` with valid ``[B, T]``, ``"BMCTV"`` with valid ``[B, M, T]`` -> ``[B, temporal_bins · C]``;
    ``"BC"`` -> ``[B, C]``.

    Raises:
        InputError: for other axes.
    """
    if axes == "BC":
        return feature_map
    if axes == "BCTHW":
        values = feature_map.mean((3, 4))  # [B, C, T]
        mask = valid  # [B, T]
    elif axes == "BMCTV":
        values = feature_map.mean(4).permute(0, 2, 3, 1)  # [B, C, T, M]
        mask = valid.transpose(1, 2)  # [B, T, M]
    else:
        fail("feature map", "have axes BCTHW, BMCTV or BC", axes)
    times = values.shape[2]
    means = []
    for index in range(temporal_bins):
        start = index * times // temporal_bins
        end = -(-(index + 1) * times // temporal_bins)  # rounded up, so that no bin is empty
        means.append(_masked_mean(values[:, :, start:end].flatten(2), mask[:, start:end].flatten(1)))
    return torch.cat(means, dim=1)


def _masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Return the mean where the mask is true, over all where it never is: ``[B, C, N]``, ``[B, N]`` -> ``[B, C]``."""
    weight = (mask | ~mask.any(1, keepdim=True)).to(values.dtype)[:, None]  # [B, 1, N]
    return (values * weight).sum(2) / weight.sum(2)
