"""Implementation of an optimizer that suits the device: one operation for all parameters on a GPU."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch.optim import Optimizer

IMPLEMENTATIONS = ("fused", "foreach")
"""Arguments of torch's optimizers that choose how a step is computed, and change nothing in it but rounding."""


def fuse(optimizer: Optimizer) -> None:
    """Let an optimizer with parameters on a GPU update them in one operation, unless it was told otherwise.

    A checkpoint that is resumed on another device does not change the choice. torch takes its implementation from the
    checkpoint, which fails or is slow on a device that it is not for.
    """
    accepted = inspect.signature(type(optimizer).__init__).parameters
    if "fused" in accepted and all(_may_be_fused(group) for group in optimizer.param_groups):
        for group in optimizer.param_groups:
            group["fused"] = True
        optimizer.defaults["fused"] = True
    optimizer.register_load_state_dict_pre_hook(_keep_implementation)


def _may_be_fused(group: dict[str, Any]) -> bool:
    is_chosen = any(group.get(name) is not None for name in IMPLEMENTATIONS) or group.get("differentiable")
    return not is_chosen and all(
        parameter.is_cuda and torch.is_floating_point(parameter) and not parameter.is_sparse
        for parameter in group["params"]
    )


def _keep_implementation(optimizer: Optimizer, state: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a checkpoint with the implementation of the optimizer that loads it."""
    groups = []
    for group, stored in zip(optimizer.param_groups, state["param_groups"], strict=False):
        groups.append(stored | {name: group[name] for name in IMPLEMENTATIONS if name in group})
    return {**state, "param_groups": groups + state["param_groups"][len(groups) :]}
