"""Validity of times at the times of a feature map."""

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
