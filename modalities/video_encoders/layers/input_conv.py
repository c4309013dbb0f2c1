"""First convolution of a third-party network, for another number of input channels."""

from __future__ import annotations

from torch import nn


def replace_input_conv(network: nn.Module, name: str, in_channels: int) -> None:
    """Replace a convolution by a new one with ``in_channels``, otherwise of the same kind and shape.

    Args:
        network: network, changed in place.
        name: dotted name of its first convolution.
        in_channels: number of input channels of the new convolution.
    """
    parent_name, _, child_name = name.rpartition(".")
    old = network.get_submodule(name)
    if not isinstance(old, nn.Conv2d | nn.Conv3d):
        raise TypeError(f"'{name}' must be a convolution, got {type(old).__name__}")
    new = type(old)(
        in_channels,
        old.out_channels,
        old.kernel_size,  # type: ignore[arg-type]
        old.stride,  # type: ignore[arg-type]
        old.padding,  # type: ignore[arg-type]
        bias=old.bias is not None,
    )
    nn.init.kaiming_normal_(new.weight, mode="fan_out", nonlinearity="relu")
    setattr(network.get_submodule(parent_name), child_name, new)
