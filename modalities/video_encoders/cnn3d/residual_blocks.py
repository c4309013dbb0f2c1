"""Residual blocks of ResNet over space and time, under the names of torchvision's 2D network."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from triad.modalities.video_encoders.layers import Attended, AttentionBlock


def conv3d(
    in_channels: int, out_channels: int, *, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1)
) -> nn.Conv3d:
    """Return a convolution without bias that keeps the size, but for its stride.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel: number of times, and of rows and columns.
        stride: step in times, and in rows and columns.
    """
    times, side = kernel
    conv = nn.Conv3d(
        in_channels,
        out_channels,
        (times, side, side),
        (stride[0], stride[1], stride[1]),
        (times // 2, side // 2, side // 2),
        bias=False,
    )
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    return conv


def conv_norm(
    in_channels: int, out_channels: int, *, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1)
) -> nn.Sequential:
    """Return :func:`conv3d` with these arguments and a batch normalisation."""
    return nn.Sequential(conv3d(in_channels, out_channels, kernel=kernel, stride=stride), nn.BatchNorm3d(out_channels))


class ResidualBlock(nn.Module):
    """Base of residual blocks: ``relu(branch(x) + shortcut(x))``, with attention in the branch or behind.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        stride: step in times, and in rows and columns.
        attention: attention block over ``out_channels``; None for none.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, out_channels, T', H', W']``.
    """

    def __init__(
        self, in_channels: int, out_channels: int, *, stride: tuple[int, int], attention: AttentionBlock | None
    ) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.downsample: nn.Module | None = None
        if stride != (1, 1) or in_channels != out_channels:
            self.downsample = conv_norm(in_channels, out_channels, kernel=(1, 1), stride=stride)
        self.attention = attention

    def branch(self, data: Tensor) -> Tensor:
        """Return the output of the branch, before the shortcut is added."""
        raise NotImplementedError

    def forward(self, data: Tensor) -> Attended:
        weights: Mapping[str, Tensor] = {}
        output = self.branch(data)
        if self.attention is not None and self.attention.in_branch:
            output, weights = self.attention(output)
        shortcut = data if self.downsample is None else self.downsample(data)
        output = torch.relu(output + shortcut)
        if self.attention is not None and not self.attention.in_branch:
            output, weights = self.attention(output)
        return Attended(output, weights)


class BasicBlock3d(ResidualBlock):
    """Residual block of two 3×3 convolutions, both with the kernel in time (He et al. 2016, ResNet-18 and 34).

    Args:
        in_channels: channels of the input.
        planes: channels inside and of the output.
        times: temporal size of the kernels.
        stride: step in times, and in rows and columns, of the first convolution.
        attention: attention block; None for none.
    """

    expansion = 1

    def __init__(
        self, in_channels: int, planes: int, *, times: int, stride: tuple[int, int], attention: AttentionBlock | None
    ) -> None:
        super().__init__(in_channels, planes, stride=stride, attention=attention)
        self.conv1 = conv3d(in_channels, planes, kernel=(times, 3), stride=stride)
        self.bn1 = nn.BatchNorm3d(planes)
        self.conv2 = conv3d(planes, planes, kernel=(times, 3))
        self.bn2 = nn.BatchNorm3d(planes)

    def branch(self, data: Tensor) -> Tensor:
        hidden = self.relu(self.bn1(self.conv1(data)))
        return self.bn2(self.conv2(hidden))


class Bottleneck3d(ResidualBlock):
    """Residual block of 1×1, 3×3 and 1×1 convolutions, the first with the kernel in time (ResNet-50 and deeper).

    Args:
        in_channels: channels of the input.
        planes: channels inside; the output has four times as many.
        times: temporal size of the first kernel.
        stride: step in times, and in rows and columns, of the second convolution.
        attention: attention block; None for none.
    """

    expansion = 4

    def __init__(
        self, in_channels: int, planes: int, *, times: int, stride: tuple[int, int], attention: AttentionBlock | None
    ) -> None:
        super().__init__(in_channels, 4 * planes, stride=stride, attention=attention)
        self.conv1 = conv3d(in_channels, planes, kernel=(times, 1))
        self.bn1 = nn.BatchNorm3d(planes)
        self.conv2 = conv3d(planes, planes, kernel=(1, 3), stride=stride)
        self.bn2 = nn.BatchNorm3d(planes)
        self.conv3 = conv3d(planes, 4 * planes, kernel=(1, 1))
        self.bn3 = nn.BatchNorm3d(4 * planes)

    def branch(self, data: Tensor) -> Tensor:
        hidden = self.relu(self.bn1(self.conv1(data)))
        hidden = self.relu(self.bn2(self.conv2(hidden)))
        return self.bn3(self.conv3(hidden))
