"""Cost of a network: its parameters, and the multiply-accumulates (MACs) of one call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

TOTAL = ""
"""Key of the whole module in :func:`count_macs`: its own dotted name."""


def count_parameters(*modules: nn.Module) -> int:
    """Return the number of parameters of the modules together, frozen ones included, shared ones counted once."""
    parameters = {id(parameter): parameter for module in modules for parameter in module.parameters()}
    return sum(parameter.numel() for parameter in parameters.values())


def count_macs(module: nn.Module, *inputs: Any) -> dict[str, int]:
    """Return the MACs of ``module(*inputs)``, half the operations that torch's FlopCounterMode counts.

    Convolutions, matrix products, attention and recurrent layers are counted, on the CPU and on the meta device alike;
    additions, norms and activations are not, as in published figures. The module runs in evaluation mode and is left
    unchanged.

    Returns:
        MACs of every submodule with a cost, by its dotted name, and of the whole module under :data:`TOTAL`.
    """
    from torch.utils.flop_counter import FlopCounterMode  # imports triton

    with _countable(module), torch.no_grad(), FlopCounterMode(display=False, custom_mapping=_EXTRA_FORMULAS) as counter:
        module(*inputs)
    root = type(module).__name__
    macs = {
        name.removeprefix(root).removeprefix("."): sum(flops.values()) // 2
        for name, flops in counter.get_flop_counts().items()
        if name == root or name.startswith(f"{root}.")
    }
    return {TOTAL: counter.get_total_flops() // 2} | macs


def _lstm_flops(data: tuple[int, ...], inner: tuple[int, ...], state: tuple[int, ...], *_: Any, out_shape: Any) -> int:
    """Return the operations of one oneDNN LSTM layer: both matrix products at every time.

    Shapes: ``data`` ``[T, B, C]``, ``inner`` ``[4H, C]``, ``state`` ``[4H, H]``.
    """
    return 2 * data[0] * data[1] * (prod(inner) + prod(state))


_EXTRA_FORMULAS = {torch.ops.aten.mkldnn_rnn_layer: _lstm_flops}
"""Formulas of operators that torch's counter lacks."""


@contextmanager
def _countable(module: nn.Module) -> Iterator[None]:
    """Put the module into evaluation mode, without gradients (the counter fails on them) or fused attention.

    Attention then is the two matrix products that it is made of, which the counter knows; it has no formula for the
    CPU's fused kernel.
    """
    training = {submodule: submodule.training for submodule in module.modules()}
    requires_grad = {parameter: parameter.requires_grad for parameter in module.parameters()}
    fastpath = torch.backends.mha.get_fastpath_enabled()
    module.eval()  # a statement: some third-party networks return nothing here
    module.requires_grad_(False)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fastpath)
        for parameter, requires in requires_grad.items():
            parameter.requires_grad_(requires)
        for submodule, mode in training.items():
            submodule.training = mode
