"""Networks on torch's meta device, which has shapes and no values: sizes and costs without memory or arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_parameter_registration_hook

Module = TypeVar("Module", bound=nn.Module)


def build_on_meta(build: Callable[[], Module]) -> Module:
    """Return ``build()`` on the meta device: parameters are moved there before anything initialises them.

    Unlike ``with torch.device("meta")`` this serves constructors that read values of small tensors, such as a schedule
    of drop rates.
    """
    handle = register_module_parameter_registration_hook(_to_meta)  # type: ignore[arg-type]  # may return a parameter
    try:
        module = build()
    finally:
        handle.remove()
    return module.to("meta")


def is_on_meta(module: nn.Module) -> bool:
    """Return True for a module with parameters on the meta device, which cannot be initialised or filled."""
    return any(parameter.is_meta for parameter in module.parameters())


def true_indices(mask: Tensor) -> Tensor:
    """Return the indices of the True entries of a mask; on the meta device those of all entries.

    Shapes: bool ``[N]`` -> int ``[P]``.
    """
    return torch.arange(len(mask), device="meta") if mask.is_meta else mask.nonzero()[:, 0]


def _to_meta(module: nn.Module, name: str, parameter: Any) -> nn.Parameter | None:
    """Return the parameter that a module registers on the meta device; None where it is there already."""
    if parameter is None or parameter.is_meta:
        return None
    return nn.Parameter(parameter.detach().to("meta"), requires_grad=parameter.requires_grad)
