"""Validity of times: at the times of a feature map, and where no time of a sample is valid."""

from __future__ import annotations

import torch
from torch import Tensor


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


def valid_or_all(valid: Tensor) -> Tensor:
    """Return the mask, True everywhere in rows where nothing is valid.

    Shapes: bool ``[…, N]`` -> ``[…, N]``.
    """
    return valid | ~valid.any(-1, keepdim=True)


def mean_over_valid(values: Tensor, valid: Tensor) -> Tensor:
    """Return the mean over valid times, or over all times of a sample where none is valid.

    Shapes: ``[B, C, T]``, bool ``[B, T]`` -> ``[B, C]``.
    """
    weight = valid_or_all(valid).to(values.dtype)[:, None]  # [B, 1, T]
    return (values * weight).sum(2) / weight.sum(2)
