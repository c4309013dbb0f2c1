"""Convolutions whose gradient crashes in oneDNN: they are trained on the CPU without it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

SAFE_CHANNELS = 16
"""Input channels from which the gradient is safe on every processor."""
_logger = logging.getLogger(__name__)


def find_unsafe(model: nn.Module) -> list[str]:
    """Return the names of strided 1×1 convolutions of fewer than 16 channels.

    The gradient of their weights writes past a buffer of oneDNN 3.12 where the channels come last in memory
    (uxlfoundation/oneDNN#6035), which ends the process, or changes other numbers without a word.
    """
    return [
        name
        for name, module in model.named_modules()
        if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d))
        and module.in_channels // module.groups < SAFE_CHANNELS
        and set(module.kernel_size) == {1}
        and max(module.stride) > 1
    ]


@contextmanager
def safe_gradients(model: nn.Module) -> Iterator[None]:
    """Do without oneDNN in the block where a model on the CPU has such convolutions, and say so in one line."""
    parameter = next(model.parameters(), None)
    unsafe = find_unsafe(model) if parameter is not None and parameter.device.type == "cpu" else []
    if not unsafe or not torch.backends.mkldnn.is_available():
        yield
        return
    others = f" and {len(unsafe) - 1} more" if len(unsafe) > 1 else ""
    _logger.warning(
        "'%s'%s has a stride, kernel 1 and fewer than %d channels, whose gradient crashes in oneDNN: training does "
        "without it, which is slower; give it %d channels, or train on a GPU",
        unsafe[0],
        others,
        SAFE_CHANNELS,
        SAFE_CHANNELS,
    )
    backend: Any = torch.backends.mkldnn
    was_enabled = backend.enabled
    backend.enabled = False  # its context manager warns of the TF32 that Intel's GPUs have
    try:
        yield
    finally:
        backend.enabled = was_enabled
