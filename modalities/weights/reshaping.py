"""Kernels for networks of another shape: inflated over time, averaged over input channels."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def average_input_channels(kernel: Tensor, in_channels: int) -> Tensor:
    """Return the kernel of a first convolution for another number of channels: the mean over its own, repeated.

    Cross-modality initialisation (Wang et al. 2016, Temporal Segment Networks, §3.1): RGB kernels serve flow, also
    stacks of L fields with 2L channels.

    Args:
        kernel: kernel of the published convolution.
        in_channels: number of input channels of the new convolution.

    Shapes: ``[O, I, …]`` -> ``[O, in_channels, …]``.
    """
    return kernel.mean(1, keepdim=True).repeat_interleave(in_channels, 1)


def inflate_kernel(kernel: Tensor, times: int) -> Tensor:
    """Return a 2D kernel repeated over time and divided by the number of times.

    Carreira & Zisserman 2017, Quo Vadis, Action Recognition?, §2.4: on a video of one repeated frame the response of
    the inflated kernel is that of the 2D kernel on the frame.

    Args:
        kernel: kernel of a 2D convolution.
        times: number of times that the 3D kernel covers.

    Shapes: ``[O, I, h, w]`` -> ``[O, I, times, h, w]``.
    """
    return kernel[:, :, None].repeat_interleave(times, 2) / times


def input_kernels(network: nn.Module) -> set[str]:
    """Return the keys of the convolutions that read the network's input: those with as many channels as the first."""
    convolutions = {
        f"{name}.weight".removeprefix("."): module
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d) and module.groups == 1
    }
    if not convolutions:
        return set()
    in_channels = next(iter(convolutions.values())).in_channels
    return {key for key, module in convolutions.items() if module.in_channels == in_channels}


def lateral_kernels(network: nn.Module) -> dict[str, int]:
    """Return the number of input channels for maps of another network, by the key of each convolution that has some."""
    return {
        f"{name}.weight".removeprefix("."): module.lateral_channels
        for name, module in network.named_modules()
        if isinstance(getattr(module, "lateral_channels", None), int)
    }


def fit_shape(
    value: Tensor, shape: Sequence[int], *, reads_input: bool, lateral_channels: int = 0
) -> tuple[Tensor, str] | None:
    """Return a tensor in another shape and the name of the step, or None if no step leads there.

    Args:
        value: tensor of the file.
        shape: shape that the network has.
        reads_input: True for a kernel that reads the network's input, whose channels may be averaged.
        lateral_channels: number of last input channels that the file may lack; their kernels are zeros, so that the
            maps of the other network have no effect at first.
    """
    steps = []
    if value.ndim == 4 and len(shape) == 5:
        value = inflate_kernel(value, shape[2])
        steps.append("inflated over time")
    if reads_input and value.ndim >= 3 and value.ndim == len(shape) and value.shape[1] != shape[1]:
        value = average_input_channels(value, shape[1])
        steps.append("averaged over input channels")
    if lateral_channels and value.ndim == len(shape) and value.shape[1] + lateral_channels == shape[1]:
        value = torch.cat([value, value.new_zeros(value.shape[0], lateral_channels, *value.shape[2:])], 1)
        steps.append("zero for lateral connections")
    return (value, " and ".join(steps)) if steps and tuple(value.shape) == tuple(shape) else None
