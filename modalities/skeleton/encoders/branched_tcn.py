"""Parallel convolutions over time, as MS-G3D, CTR-GCN and Hyperformer have them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.checks import fail
from modalities.skeleton.encoders.unit_tcn import temporal_conv


class BranchedTcn(nn.Module):
    """Dilated convolutions, a max-pooling and a plain 1×1 convolution side by side (Liu et al. 2020, Disentangling and
    Unifying Graph Convolutions, section 3.4), without a residual and without an activation.

    All but the last branch begin with a 1×1 convolution of the same map and its normalisation, and each ends in a
    normalisation; here those are one convolution and two normalisations over all branches, which is exact.

    Args:
        in_channels, out_channels: channels of the map before and after; each branch has an equal part of the latter.
        kernel: times a dilated convolution sees.
        dilations: one branch each.
        stride: step in time.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.

    Raises:
        InputError: if the branches cannot have equal parts of the channels.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel: int = 3,
        dilations: Sequence[int] = (1, 2, 3, 4),
        stride: int = 1,
    ) -> None:
        super().__init__()
        branches = len(dilations) + 2
        if out_channels % branches:
            fail("channels of parallel convolutions over time", f"be a multiple of {branches}", out_channels)
        self.width, self.stride = out_channels // branches, stride
        self.reduce = nn.Conv2d(in_channels, out_channels - self.width, 1)
        self.reduce_norm = nn.BatchNorm2d(out_channels - self.width)
        self.dilated = nn.ModuleList(
            temporal_conv(self.width, self.width, kernel, stride=stride, dilation=dilation) for dilation in dilations
        )
        self.plain = temporal_conv(in_channels, self.width, 1, stride=stride)
        self.norm = nn.BatchNorm2d(out_channels)
        for conv in (self.reduce, self.plain):
            nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(conv.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        *convolved, pooled = F.relu(self.reduce_norm(self.reduce(x)), inplace=True).split(self.width, dim=1)
        branches = [conv(part) for conv, part in zip(self.dilated, convolved, strict=True)]
        branches.append(F.max_pool2d(pooled, (3, 1), stride=(self.stride, 1), padding=(1, 0)))
        branches.append(self.plain(x))
        return self.norm(torch.cat(branches, dim=1))
