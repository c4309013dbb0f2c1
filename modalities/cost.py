"""What a network costs: parameters, and multiply-accumulates of one call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

WHOLE = ""
"""The name of the module itself among its parts."""


def count_parameters(*modules: nn.Module) -> int:
    """Parameters of the modules together, frozen ones too; one that several share counts once."""
    own = {id(parameter): parameter for module in modules for parameter in module.parameters()}
    return sum(parameter.numel() for parameter in own.values())


def count_macs(module: nn.Module, *inputs: Any) -> dict[str, int]:
    """Multiply-accumulates of ``module(*inputs)``: half the operations that torch's FlopCounterMode counts.

    Convolutions, matrix products and a CPU's LSTMs count; additions, norms and activations do not, as in the published
    figures. What a CPU's fused attention kernel does is not seen. The module runs in evaluation and is left as it was.

    Returns:
        MACs of every part that costs something by its dotted name, of the whole under :data:`WHOLE`.
    """
    with _still(module), torch.no_grad(), FlopCounterMode(display=False, custom_mapping=_MORE) as counter:
        module(*inputs)
    root = type(module).__name__
    counted = {
        name.removeprefix(root).removeprefix("."): sum(flops.values()) // 2
        for name, flops in counter.get_flop_counts().items()
        if name == root or name.startswith(f"{root}.")
    }
    return {WHOLE: counter.get_total_flops() // 2} | counted


def _lstm_flops(data: tuple[int, ...], inner: tuple[int, ...], state: tuple[int, ...], *_: Any, out_shape: Any) -> int:
    """Of one layer as oneDNN runs it: at every time both matrices, ``[T, B, C]``, ``[4H, C]`` and ``[4H, H]``."""
    return 2 * data[0] * data[1] * (prod(inner) + prod(state))


_MORE = {torch.ops.aten.mkldnn_rnn_layer: _lstm_flops}
"""What the counter does not know by itself."""


@contextmanager
def _still(module: nn.Module) -> Iterator[None]:
    """Evaluation mode, no gradients (the counter trips over them), attention that the counter sees."""
    training = {part: part.training for part in module.modules()}
    learning = {parameter: parameter.requires_grad for parameter in module.parameters()}
    fast = torch.backends.mha.get_fastpath_enabled()
    module.eval()  # a statement: some third-party networks return nothing here
    module.requires_grad_(False)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
        for parameter, learns in learning.items():
            parameter.requires_grad_(learns)
        for part, mode in training.items():
            part.training = mode
