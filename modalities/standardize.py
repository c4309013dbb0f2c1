"""Standardisation of a batch of pictures: minus a mean, divided by a deviation."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from triad.modalities.reused_memory import empty_array


def standardize(data: Tensor, mean: Tensor | float, std: Tensor | float, *, limit: float = float("inf")) -> Tensor:
    """Return ``(data - mean) / std`` within ``±limit``; on a CPU sample by sample, so that each stays in the cache.

    Shapes: any dtype ``[B, …]``, ``mean`` and ``std`` as a sample or smaller -> float32 ``[B, …]``.
    """
    output = empty_batch(data.shape, data.device)
    on_cpu = data.device.type == "cpu"
    for sample, standardized in zip(data, output, strict=True) if on_cpu else [(data, output)]:
        standardized.copy_(sample).sub_(mean).div_(std)
        if limit < float("inf"):
            standardized.clamp_(-limit, limit)
    return output


def empty_batch(shape: torch.Size, device: torch.device) -> Tensor:
    """Return an uninitialised float32 tensor, on a CPU in memory that was used before."""
    if device.type == "cpu":
        return torch.from_numpy(empty_array(tuple(shape), np.float32))
    return torch.empty(shape, device=device)
