"""P3D: bottlenecks whose 3×3×3 convolution is 1×3×3 and 3×1×1, in series, in parallel, or both."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.end_points import EndPointEncoder
from triad.modalities.video_encoders.cnn3d.residual_blocks import conv_norm

DEPTHS = {63: (3, 4, 6, 3), 131: (3, 4, 23, 3), 199: (3, 8, 36, 3)}
"""Number of blocks of each stage, by the number of layers in the network's name."""


class Pseudo3dBlock(nn.Module):
    """Residual bottleneck with a spatial and a temporal convolution (Figure 3 of the paper).

    Args:
        in_channels: channels of the input.
        planes: channels of the bottleneck; the output has four times as many.
        kind: ``A`` for temporal after spatial, ``B`` for both side by side, ``C`` for A with a shortcut from the
            spatial one, ``2D`` for the spatial one alone.
        stride: step of rows and columns.

    Shapes: ``[B, in_channels, T, H, W]`` -> ``[B, 4 · planes, T, ⌈H / stride⌉, ⌈W / stride⌉]``.
    """

    def __init__(self, in_channels: int, planes: int, *, kind: str, stride: int) -> None:
        super().__init__()
        self.kind = kind
        self.reduce = conv_norm(in_channels, planes, kernel=(1, 1), stride=(1, stride))
        self.spatial = conv_norm(planes, planes, kernel=(1, 3))
        if kind != "2D":
            self.temporal = conv_norm(planes, planes, kernel=(3, 1))
        self.expand = conv_norm(planes, 4 * planes, kernel=(1, 1))
        keeps_shape = in_channels == 4 * planes and stride == 1
        self.shortcut: nn.Module = (
            nn.Identity() if keeps_shape else conv_norm(in_channels, 4 * planes, kernel=(1, 1), stride=(1, stride))
        )

    def forward(self, data: Tensor) -> Tensor:
        reduced = self.reduce(data).relu()
        spatial = self.spatial(reduced).relu()
        if self.kind == "2D":
            mixed = spatial
        elif self.kind == "A":
            mixed = self.temporal(spatial).relu()
        elif self.kind == "B":
            mixed = self.temporal(reduced).relu() + spatial
        else:
            mixed = self.temporal(spatial).relu() + spatial
        return (self.expand(mixed) + self.shortcut(data)).relu()


class TemporalMaxPool(nn.Module):
    """Maximum of pairs of successive times; a single time stays.

    Shapes: ``[B, C, T, H, W]`` -> ``[B, C, max(1, ⌊T / 2⌋), H, W]``.
    """

    def forward(self, data: Tensor) -> Tensor:
        return F.max_pool3d(data, (min(2, data.shape[2]), 1, 1))


@MODELS.register_module()
class P3d(EndPointEncoder):
    """P3D (Qiu et al. 2017, Learning Spatio-Temporal Representation with Pseudo-3D Residual Networks).

    Blocks A, B and C take turns through the first three stages, each of which ends in a pool that halves time; the last
    stage is two-dimensional. Published for 16 frames of 160².

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        layers: 199 as published, after ResNet-152; 131 and 63 after ResNet-101 and ResNet-50.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, -> ``map`` ``[B, 2048, max(1, ⌊T / 16⌋), ⌈H / 32⌉, ⌈W / 32⌉]``;
    ``taps`` the stem and its pool, and the stages and their pools.

    Raises:
        InputError: for another number of layers, and on use for ``data`` of another shape.
    """

    out_channels = 2048
    end_points = ("conv1", "pool1", "res2", "pool2", "res3", "pool3", "res4", "pool4", "res5")

    def __init__(self, *, in_channels: int = 3, layers: int = 199) -> None:
        super().__init__()
        if layers not in DEPTHS:
            fail("P3d.layers", f"be one of {', '.join(map(str, DEPTHS))}", layers)
        self.in_channels = in_channels
        self.conv1 = nn.Sequential(conv_norm(in_channels, 64, kernel=(1, 7), stride=(1, 2)), nn.ReLU(inplace=True))
        self.pool1 = nn.MaxPool3d((2, 3, 3), 2, (0, 1, 1))
        channels = 64
        number = 0
        for stage, depth in enumerate(DEPTHS[layers], start=2):
            planes = 2 ** (stage + 4)
            blocks = []
            for index in range(depth):
                kind = "2D" if stage == 5 else "ABC"[number % 3]
                stride = 2 if stage > 2 and index == 0 else 1
                blocks.append(Pseudo3dBlock(channels, planes, kind=kind, stride=stride))
                channels = 4 * planes
                number += 1
            self.add_module(f"res{stage}", nn.Sequential(*blocks))
        for name in ("pool2", "pool3", "pool4"):
            self.add_module(name, TemporalMaxPool())
