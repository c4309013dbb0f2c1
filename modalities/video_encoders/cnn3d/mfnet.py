"""MFNet: residual units of many slim branches that share a multiplexer."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.end_points import EndPointEncoder
from triad.modalities.weights import load_weights

UNITS = (3, 4, 6, 3)
"""Number of units of each stage."""
FIBERS = 16
"""Number of groups of channels in a unit."""

Size = tuple[int, int, int]


class NormedConv(nn.Module):
    """BatchNorm, ReLU and a convolution, in this order, with as many outputs as inputs a stride.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel: kernel size of times, rows and columns, odd.
        stride: step of times, rows and columns.
        groups: number of groups of channels that do not see each other.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, out_channels, ⌈T / stride⌉, ⌈H / stride⌉, ⌈W / stride⌉]``.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: Size = (1, 1, 1), stride: Size = (1, 1, 1), groups: int = 1
    ) -> None:
        super().__init__()
        self.bn = nn.BatchNorm3d(in_channels)
        self.relu = nn.ReLU(inplace=True)
        padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2)
        self.conv = nn.Conv3d(in_channels, out_channels, kernel, stride, padding, groups=groups, bias=False)
        nn.init.xavier_uniform_(self.conv.weight)

    def forward(self, data: Tensor) -> Tensor:
        return self.conv(self.relu(self.bn(data)))


class MultiFiberUnit(nn.Module):
    """Residual unit whose convolutions run in groups, the fibers, after a multiplexer of two 1×1×1 convolutions.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output, and between its two grouped convolutions.
        stride: step of the first unit of a stage; None in a later unit, which keeps shape and channels.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, out_channels, T', H', W']``.
    """

    def __init__(self, in_channels: int, out_channels: int, *, stride: Size | None) -> None:
        super().__init__()
        self.conv_i1 = NormedConv(in_channels, out_channels // 4)
        self.conv_i2 = NormedConv(out_channels // 4, in_channels)
        self.conv_m1 = NormedConv(in_channels, out_channels, (3, 3, 3), stride or (1, 1, 1), groups=FIBERS)
        if stride is None:
            self.conv_m2 = NormedConv(out_channels, out_channels, (1, 3, 3), groups=FIBERS)
            self.conv_w1: nn.Module = nn.Identity()
        else:
            self.conv_m2 = NormedConv(out_channels, out_channels)
            self.conv_w1 = NormedConv(in_channels, out_channels, stride=stride)

    def forward(self, data: Tensor) -> Tensor:
        mixed = data + self.conv_i2(self.conv_i1(data))
        return self.conv_m2(self.conv_m1(mixed)) + self.conv_w1(data)


@MODELS.register_module()
class MfNet(EndPointEncoder):
    """MFNet (Chen et al. 2018, Multi-Fiber Networks for Video Recognition).

    Published for 16 frames of 224²: 8.0 million parameters with 400 classes, 7.84 with 200, 11.1 GMACs.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        weights: path of a local file of the authors (``conv2.B01.conv_i1.conv.weight`` …); None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 768, ⌈T / 2⌉, ⌈H / 32⌉, ⌈W / 32⌉]``; ``taps`` the
    stem, its pool, the four stages and the last norm.

    Raises:
        InputError: for a file that does not fit, and on use for ``data`` of another shape.
    """

    out_channels = 768
    end_points = ("conv1", "maxpool", "conv2", "conv3", "conv4", "conv5", "tail")

    def __init__(self, *, in_channels: int = 3, weights: str | Path | None = None) -> None:
        super().__init__()
        self.in_channels = in_channels
        conv = nn.Conv3d(in_channels, 16, (3, 5, 5), (1, 2, 2), (1, 2, 2), bias=False)
        self.conv1 = nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm3d(16), relu=nn.ReLU(inplace=True)))
        self.maxpool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
        channels = 16
        for index, num_units in enumerate(UNITS):
            width = 96 * 2**index
            stride = (2, 1, 1) if index == 0 else (1, 2, 2)
            units: OrderedDict[str, nn.Module] = OrderedDict(B01=MultiFiberUnit(channels, width, stride=stride))
            for number in range(2, num_units + 1):
                units[f"B{number:02d}"] = MultiFiberUnit(width, width, stride=None)
            self.add_module(f"conv{index + 2}", nn.Sequential(units))
            channels = width
        self.tail = nn.Sequential(OrderedDict(bn=nn.BatchNorm3d(channels), relu=nn.ReLU()))
        if weights is not None:
            load_weights(self, weights, classifier=("classifier.",))
