"""Multi-scale convolution over time."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.skeleton.encoders.unit_tcn import temporal_conv

DILATIONS = (1, 2, 3, 4)


class MultiScaleTcn(nn.Module):
    """Six branches over time: four dilated convolutions, a max-pooling and a plain one (Duan et al. 2022, PYSKL).

    The branches begin with 1×1 convolutions of the same map and the same normalisation; here they are one
    convolution and one normalisation over all of them, which is exact and six times fewer calls.

    Args:
        in_channels, out_channels: channels of the map before and after; each branch has a sixth of the latter, the
            first one also the rest.
        stride: step in time.
        dropout: share of the output that is dropped in training, 0–1.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1, dropout: float = 0.0) -> None:
        super().__init__()
        width = out_channels // (len(DILATIONS) + 2)
        self.widths = [out_channels - width * (len(DILATIONS) + 1), *[width] * len(DILATIONS)]
        self.stride = stride
        self.reduce = nn.Conv2d(in_channels, out_channels - width, 1)
        self.reduce_norm = nn.BatchNorm2d(out_channels - width)
        self.dilated = nn.ModuleList(
            temporal_conv(w, w, 3, stride=stride, dilation=dilation)
            for w, dilation in zip(self.widths, DILATIONS, strict=False)
        )
        self.plain = nn.Conv2d(in_channels, width, 1, stride=(stride, 1))
        self.merge_norm = nn.BatchNorm2d(out_channels)
        self.merge = nn.Conv2d(out_channels, out_channels, 1)
        self.norm = nn.BatchNorm2d(out_channels)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        *convolved, pooled = F.relu(self.reduce_norm(self.reduce(x)), inplace=True).split(self.widths, dim=1)
        branches = [conv(part) for conv, part in zip(self.dilated, convolved, strict=True)]
        branches.append(F.max_pool2d(pooled, (3, 1), stride=(self.stride, 1), padding=(1, 0)))
        branches.append(self.plain(x))
        merged = F.relu(self.merge_norm(torch.cat(branches, dim=1)), inplace=True)
        return self.drop(self.norm(self.merge(merged)))
