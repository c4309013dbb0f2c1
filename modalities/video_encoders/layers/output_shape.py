"""Shape of the output of a network, found without computing anything."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import nn


def find_output_shape(network: nn.Module, input_shape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of ``network``'s output for one input, from a copy on the meta device, in evaluation mode."""
    on_meta = copy.deepcopy(network).to("meta").eval()
    with torch.no_grad():
        return tuple(on_meta(torch.empty(*input_shape, device="meta")).shape)
