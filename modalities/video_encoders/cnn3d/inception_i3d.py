"""Inception-I3D: GoogLeNet with kernels inflated into time."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.end_points import EndPointEncoder
from triad.modalities.video_encoders.cnn3d.same_padding import SameConv3d, SameMaxPool3d
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure

MIXED_CHANNELS = {
    "Mixed_3b": (64, 96, 128, 16, 32, 32),
    "Mixed_3c": (128, 128, 192, 32, 96, 64),
    "Mixed_4b": (192, 96, 208, 16, 48, 64),
    "Mixed_4c": (160, 112, 224, 24, 64, 64),
    "Mixed_4d": (128, 128, 256, 24, 64, 64),
    "Mixed_4e": (112, 144, 288, 32, 64, 64),
    "Mixed_4f": (256, 160, 320, 32, 128, 128),
    "Mixed_5b": (256, 160, 320, 32, 128, 128),
    "Mixed_5c": (384, 192, 384, 48, 128, 128),
}
"""Channels of each Inception block: 1×1×1; 1×1×1 and 3×3×3; 1×1×1 and 3×3×3; 1×1×1 after the pool."""


class ConvBlock(nn.Module):
    """Convolution, BatchNorm and ReLU.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel: size of the kernel in times, rows and columns.
        stride: step in times, rows and columns.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, out_channels, ⌈T / stride⌉, ⌈H / stride⌉, ⌈W / stride⌉]``.
    """

    def __init__(self, in_channels: int, out_channels: int, *, kernel: int = 1, stride: int = 1) -> None:
        super().__init__()
        self.conv3d = SameConv3d(in_channels, out_channels, (kernel,) * 3, (stride,) * 3)
        self.bn = nn.BatchNorm3d(out_channels, eps=1e-3, momentum=0.01)

    def forward(self, data: Tensor) -> Tensor:
        return torch.relu(self.bn(self.conv3d(data)))


class InceptionBlock(nn.Module):
    """Four parallel branches, concatenated: 1×1×1; two of 1×1×1 and 3×3×3; a maximum over 3×3×3 and 1×1×1.

    Args:
        in_channels: channels of the input.
        channels: channels of the convolutions, as in ``MIXED_CHANNELS``.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, C, T, H, W]``, ``C`` the sum of the branches' outputs.
    """

    def __init__(self, in_channels: int, channels: tuple[int, int, int, int, int, int]) -> None:
        super().__init__()
        self.b0 = ConvBlock(in_channels, channels[0])
        self.b1a = ConvBlock(in_channels, channels[1])
        self.b1b = ConvBlock(channels[1], channels[2], kernel=3)
        self.b2a = ConvBlock(in_channels, channels[3])
        self.b2b = ConvBlock(channels[3], channels[4], kernel=3)
        self.b3a = nn.MaxPool3d(3, stride=1, padding=1)
        self.b3b = ConvBlock(in_channels, channels[5])
        self.out_channels = channels[0] + channels[2] + channels[4] + channels[5]

    def forward(self, data: Tensor) -> Tensor:
        branches = (self.b0(data), self.b1b(self.b1a(data)), self.b2b(self.b2a(data)), self.b3b(self.b3a(data)))
        return torch.cat(branches, 1)


@MODELS.register_module()
class InceptionI3d(EndPointEncoder):
    """Inception-I3D (Carreira and Zisserman 2017, Quo Vadis, Action Recognition?), up to ``Mixed_5c``.

    Published for 64 frames of 224². Its own classifier averages pairs of neighbouring times before all times, so that
    the first and the last of the eight times count half; heads here average all times equally.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        weights: path of a local file of the usual PyTorch port (``Conv3d_1a_7x7.conv3d.weight`` …), RGB or flow; None
            for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 1024, ⌈T / 8⌉, ⌈H / 32⌉, ⌈W / 32⌉]``; ``taps`` all
    end points by the names of the paper's code.

    Raises:
        InputError: for a file that does not fit, and on use for ``data`` of another shape.
    """

    end_points = (
        *("Conv3d_1a_7x7", "MaxPool3d_2a_3x3", "Conv3d_2b_1x1", "Conv3d_2c_3x3", "MaxPool3d_3a_3x3"),
        *("Mixed_3b", "Mixed_3c", "MaxPool3d_4a_3x3"),
        *("Mixed_4b", "Mixed_4c", "Mixed_4d", "Mixed_4e", "Mixed_4f", "MaxPool3d_5a_2x2"),
        *("Mixed_5b", "Mixed_5c"),
    )

    def __init__(self, *, in_channels: int = 3, weights: str | Path | None = None) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.Conv3d_1a_7x7 = ConvBlock(in_channels, 64, kernel=7, stride=2)
        self.MaxPool3d_2a_3x3 = SameMaxPool3d((1, 3, 3), (1, 2, 2))
        self.Conv3d_2b_1x1 = ConvBlock(64, 64)
        self.Conv3d_2c_3x3 = ConvBlock(64, 192, kernel=3)
        self.MaxPool3d_3a_3x3 = SameMaxPool3d((1, 3, 3), (1, 2, 2))
        self.MaxPool3d_4a_3x3 = SameMaxPool3d((3, 3, 3), (2, 2, 2))
        self.MaxPool3d_5a_2x2 = SameMaxPool3d((2, 2, 2), (2, 2, 2))
        self.out_channels = 192
        for name, channels in MIXED_CHANNELS.items():
            block = InceptionBlock(self.out_channels, channels)
            self.add_module(name, block)
            self.out_channels = block.out_channels
        if weights is not None:
            load_weights(self, weights, cure=published_cure("InceptionI3d", in_channels=in_channels))
