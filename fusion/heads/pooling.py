"""From a feature map to one vector a sample, ignoring times that are not real and persons who are not there."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.checks import fail


def pool(feature_map: Tensor, axes: str, valid: Tensor) -> Tensor:
    """Mean over places, then over the valid times (and persons); over all of them where none is valid.

    Shapes: ``"BCTHW"`` with valid ``[B, T]``, ``"BMCTV"`` with valid ``[B, M, T]``, or ``"BC"`` -> ``[B, C]``.

    Raises:
        InputError: for other axes.
    """
    if axes == "BC":
        return feature_map
    if axes == "BCTHW":
        return _masked_mean(feature_map.mean((3, 4)), valid)  # [B, C, T]
    if axes == "BMCTV":
        per_time = feature_map.mean(4).transpose(1, 2).flatten(2)  # [B, C, M·T]
        return _masked_mean(per_time, valid.flatten(1))
    fail("feature map", "have axes BCTHW, BMCTV or BC", axes)


def _masked_mean(values: Tensor, valid: Tensor) -> Tensor:
    """``[B, C, N]``, bool ``[B, N]`` -> ``[B, C]``."""
    weight = torch.where(valid.any(1, keepdim=True), valid, True).to(values.dtype)[:, None]  # [B, 1, N]
    return (values * weight).sum(2) / weight.sum(2)
