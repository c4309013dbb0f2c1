"""Small constant tensors, made once for every device: to copy one there makes the host wait."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_CONSTANTS: dict[tuple[Any, torch.dtype | None, torch.device], Tensor] = {}


def device_constant(values: tuple[Any, ...], device: torch.device, dtype: torch.dtype | None = None) -> Tensor:
    """Return a tensor of constant values, which must not be changed.

    It is made anew while a graph is traced or compiled, as the graph would otherwise keep a tensor of the trace.

    Args:
        values: numbers, in tuples of tuples for several axes.
        device: device of the tensor.
        dtype: type of the tensor; None for that of ``torch.tensor``.
    """
    if torch.compiler.is_compiling():
        return torch.tensor(values, dtype=dtype, device=device)
    key = values, dtype, device
    constant = _CONSTANTS.get(key)
    if constant is None:
        with torch.inference_mode(False):  # made in inference, it could not serve training later
            constant = torch.tensor(values, dtype=dtype, device=device)
        if type(constant) is Tensor:  # not one of a trace
            _CONSTANTS[key] = constant
    return constant
