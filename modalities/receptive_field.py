"""Receptive fields and shapes of a chain of convolutions and pools, as tables of lectures print them."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import nn

from triad.modalities.encoder import Encoder

_LAYERS = (nn.Conv2d, nn.Conv3d, nn.MaxPool2d, nn.MaxPool3d, nn.AvgPool2d, nn.AvgPool3d)


class LayerField(NamedTuple):
    """Row of a table of receptive fields.

    Attributes:
        name: dotted name of the layer in its network.
        shape: shape of its output without the batch, ``[C, T, H, W]`` or ``[C, H, W]``.
        field: receptive field of one of its values, in frames and pixels of the input, ``(T, H, W)``.
        stride: distance of neighbouring values, likewise.
    """

    name: str
    shape: tuple[int, ...]
    field: tuple[int, int, int]
    stride: tuple[int, int, int]


def grow_receptive_field(
    field: Sequence[int], stride: Sequence[int], kernel: Sequence[int], step: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return receptive field and stride after a layer: ``r + (k − 1) · j`` and ``j · s`` along each axis.

    Args:
        field: receptive field ``r`` before the layer.
        stride: distance ``j`` of neighbouring values before the layer.
        kernel: extent ``k`` of the layer, dilation included.
        step: stride ``s`` of the layer.
    """
    grown = tuple(r + (k - 1) * j for r, j, k in zip(field, stride, kernel, strict=True))
    return grown, tuple(j * s for j, s in zip(stride, step, strict=True))


def trace_receptive_fields(
    network: nn.Module, input_shape: Sequence[int], *, start: Sequence[int] = (1, 1, 1)
) -> list[LayerField]:
    """Return a row for every convolution and pool, in the order in which a forward pass calls them.

    Hooks record the layers of one pass on the meta device, which computes nothing; the fields follow from kernels and
    strides. The layers must be a chain: the fields of parallel branches, as in Inception, would be added up. Layers
    over images see single frames.

    Args:
        network: network of a chain of layers, or an encoder that is one; it is left unchanged.
        input_shape: shape of one input, ``[C, T, H, W]``, or ``[C, H, W]`` of an image network.
        start: receptive field of one value of the input, ``(T, 1, 1)`` where T frames lie in the channels.
    """
    rows: list[LayerField] = []
    field, stride = tuple(start), (1, 1, 1)

    def record(name: str) -> Any:
        def hook(layer: Any, inputs: Any, output: torch.Tensor) -> None:
            nonlocal field, stride
            kernel, step = _extent(layer)
            field, stride = grow_receptive_field(field, stride, kernel, step)  # type: ignore[assignment]
            rows.append(LayerField(name, tuple(output.shape[1:]), field, stride))  # type: ignore[arg-type]

        return hook

    copied = copy.deepcopy(network).to("meta").eval()
    handles = []
    for name, module in copied.named_modules():
        if isinstance(module, _LAYERS):
            handles.append(module.register_forward_hook(record(name)))
    data = torch.empty(1, *input_shape, device="meta")
    valid = (torch.empty(1, input_shape[1], dtype=torch.bool, device="meta"),) if isinstance(network, Encoder) else ()
    with torch.no_grad():
        copied(data, *valid)
    for handle in handles:
        handle.remove()
    return rows


def _extent(layer: Any) -> tuple[list[int], list[int]]:
    """Return the extent of a layer's kernel and its stride over ``(T, H, W)``."""
    axes = 3 if isinstance(layer, nn.Conv3d | nn.MaxPool3d | nn.AvgPool3d) else 2

    def spread(value: int | Iterable[int]) -> list[int]:
        values = [value] * axes if isinstance(value, int) else list(value)
        return [1] * (3 - axes) + values

    dilation = spread(getattr(layer, "dilation", 1))
    kernel = [d * (k - 1) + 1 for k, d in zip(spread(layer.kernel_size), dilation, strict=True)]
    step = spread(layer.stride)
    return kernel, [1] * (3 - axes) + step[3 - axes :]
