"""TensorFlow's "SAME" padding: ⌈size / stride⌉ outputs, with the odd zero of a padding behind the data."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return the numbers of zeros before and after ``size`` values that give ``⌈size / stride⌉`` outputs."""
    total = max(kernel - (size % stride or stride), 0)
    return total // 2, total - total // 2


def pad_same(data: Tensor, kernel: Sequence[int], stride: Sequence[int]) -> Tensor:
    """Return ``[B, C, T, H, W]`` with zeros around times, rows and columns for a kernel and its stride."""
    pads = [same_padding(*sizes) for sizes in zip(data.shape[2:], kernel, stride, strict=True)]
    flat = [zeros for pair in reversed(pads) for zeros in pair]  # F.pad begins with the last axis
    return F.pad(data, flat) if any(flat) else data


class SameConv3d(nn.Conv3d):
    """Convolution with "SAME" padding and without a bias.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel: kernel size of times, rows and columns.
        stride: step of times, rows and columns.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, out_channels, ⌈T / stride⌉, ⌈H / stride⌉, ⌈W / stride⌉]``.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: tuple[int, int, int],
        stride: tuple[int, int, int] = (1, 1, 1),
    ) -> None:
        is_even = stride == (1, 1, 1) and all(size % 2 for size in kernel)
        padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2) if is_even else (0, 0, 0)
        super().__init__(in_channels, out_channels, kernel, stride, padding, bias=False)
        self.pads_evenly = is_even  # the same number of zeros on both sides, which nn.Conv3d does without a copy

    def forward(self, data: Tensor) -> Tensor:
        return super().forward(data if self.pads_evenly else pad_same(data, self.kernel_size, self.stride))


class SameMaxPool3d(nn.Module):
    """Maximum with "SAME" padding, of values that are not negative, so that zeros around them change nothing.

    Args:
        kernel: kernel size of times, rows and columns.
        stride: step of times, rows and columns.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C, ⌈T / stride⌉, ⌈H / stride⌉, ⌈W / stride⌉]``.
    """

    def __init__(self, kernel: tuple[int, int, int], stride: tuple[int, int, int]) -> None:
        super().__init__()
        self.kernel = kernel
        self.stride = stride

    def forward(self, data: Tensor) -> Tensor:
        return F.max_pool3d(pad_same(data, self.kernel, self.stride), self.kernel, self.stride)
