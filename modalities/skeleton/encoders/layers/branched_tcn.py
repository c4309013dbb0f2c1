"""Parallel convolutions over time, as MS-G3D, CTR-GCN, Hyperformer and ST-GCN++ have them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.checks import fail
from modalities.skeleton.encoders.layers.unit_tcn import temporal_conv


class BranchedTcn(nn.Module):
    """Dilated convolutions, a max-pooling and a plain 1×1 convolution side by side (Liu et al. 2020, Disentangling and
    Unifying Graph Convolutions, section 3.4), without a residual and without an activation.

    All but the last branch begin with a 1×1 convolution of the same map and its normalisation, and each ends in a
    normalisation; here those are one convolution and two normalisations over all branches, which is exact.

    Args:
        reduce: the 1×1 convolution before the dilated branches and the pooling, whose channels they share out in this
            order.
        dilated: a convolution over time each.
        plain: the 1×1 convolution of the last branch; its stride is that of the pooling too.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """

    def __init__(self, reduce: nn.Conv2d, dilated: Sequence[nn.Conv2d], plain: nn.Conv2d) -> None:
        super().__init__()
        self.reduce = reduce
        self.reduce_norm = nn.BatchNorm2d(reduce.out_channels)
        self.dilated = nn.ModuleList(dilated)
        self.plain = plain
        self.norm = nn.BatchNorm2d(reduce.out_channels + plain.out_channels)
        widths = [conv.in_channels for conv in dilated]
        self.widths = [*widths, reduce.out_channels - sum(widths)]

    def forward(self, x: Tensor) -> Tensor:
        *convolved, pooled = F.relu(self.reduce_norm(self.reduce(x)), inplace=True).split(self.widths, dim=1)
        branches = [conv(part) for conv, part in zip(self.dilated, convolved, strict=True)]
        branches.append(F.max_pool2d(pooled, (3, 1), stride=self.plain.stride, padding=(1, 0)))
        branches.append(self.plain(x))
        return self.norm(torch.cat(branches, dim=1))


def branched_tcn(
    in_channels: int, out_channels: int, *, kernel: int = 3, dilations: Sequence[int] = (1, 2, 3, 4), stride: int = 1
) -> BranchedTcn:
    """Branches of equal width, all with He's initialisation, as MS-G3D, CTR-GCN and Hyperformer have them.

    Args:
        in_channels: channels of the map before.
        out_channels: channels of the map after; each branch has an equal part of them.
        kernel: times a dilated convolution sees.
        dilations: one branch each.
        stride: step in time.

    Raises:
        InputError: if the branches cannot have equal parts of the channels.
    """
    branches = len(dilations) + 2
    if out_channels % branches:
        fail("channels of parallel convolutions over time", f"be a multiple of {branches}", out_channels)
    width = out_channels // branches
    reduce = nn.Conv2d(in_channels, out_channels - width, 1)
    dilated = [temporal_conv(width, width, kernel, stride=stride, dilation=dilation) for dilation in dilations]
    plain = temporal_conv(in_channels, width, 1, stride=stride)
    for conv in (reduce, plain):
        nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
    return BranchedTcn(reduce, dilated, plain)


def multi_scale_tcn(in_channels: int, out_channels: int, *, stride: int = 1, dropout: float = 0.0) -> nn.Sequential:
    """ST-GCN++'s six branches over time and a 1×1 convolution that mixes them (Duan et al. 2022, PYSKL).

    Args:
        in_channels: channels of the map before.
        out_channels: channels of the map after; each branch has a sixth of them, the first one also the rest.
        stride: step in time.
        dropout: share of the output that is dropped in training, 0–1.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """
    width = out_channels // 6
    reduce = nn.Conv2d(in_channels, out_channels - width, 1)
    widths = (out_channels - 5 * width, width, width, width)
    dilated = [temporal_conv(w, w, 3, stride=stride, dilation=dilation) for dilation, w in enumerate(widths, 1)]
    plain = nn.Conv2d(in_channels, width, 1, stride=(stride, 1))
    return nn.Sequential(
        BranchedTcn(reduce, dilated, plain),
        nn.ReLU(inplace=True),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.BatchNorm2d(out_channels),
        nn.Dropout(dropout),
    )
