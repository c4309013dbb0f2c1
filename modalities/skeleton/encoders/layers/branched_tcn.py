"""Temporal convolution of parallel branches (MS-G3D, CTR-GCN, Hyperformer, ST-GCN++)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail
from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d
from triad.modalities.skeleton.encoders.layers.unit_tcn import temporal_conv


class BranchedTcn(nn.Module):
    """Dilated convolutions, a max-pooling and a 1×1 convolution in parallel, without residual or activation.

    After Liu et al. 2020, Disentangling and Unifying Graph Convolutions, section 3.4. All but the last branch begin
    with a 1×1 convolution of the same map and its normalisation, and each ends in a normalisation; here those are one
    convolution and two normalisations over all branches, which is exact.

    Args:
        reduce: 1×1 convolution before the dilated branches and the pooling, which share its channels in this order.
        dilated: temporal convolution of each dilated branch.
        plain: 1×1 convolution of the last branch; the pooling has the same stride.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', ⌈T / stride⌉, V]``.
    """

    def __init__(self, reduce: nn.Conv2d, dilated: Sequence[nn.Conv2d], plain: nn.Conv2d) -> None:
        super().__init__()
        self.reduce = reduce
        self.reduce_norm = BatchNorm2d(reduce.out_channels)
        self.dilated = nn.ModuleList(dilated)
        self.plain = plain
        self.norm = BatchNorm2d(reduce.out_channels + plain.out_channels)
        widths = [conv.in_channels for conv in dilated]
        self.widths = [*widths, reduce.out_channels - sum(widths)]

    def forward(self, x: Tensor) -> Tensor:
        *dilated_inputs, pool_input = F.relu(self.reduce_norm(self.reduce(x)), inplace=True).split(self.widths, dim=1)
        branches = [conv(branch) for conv, branch in zip(self.dilated, dilated_inputs, strict=True)]
        branches.append(F.max_pool2d(pool_input, (3, 1), stride=self.plain.stride, padding=(1, 0)))
        branches.append(self.plain(x))
        return self.norm(torch.cat(branches, dim=1))


def branched_tcn(
    in_channels: int, out_channels: int, *, kernel: int = 3, dilations: Sequence[int] = (1, 2, 3, 4), stride: int = 1
) -> BranchedTcn:
    """Return branches of equal width with He's initialisation, as in MS-G3D, CTR-GCN and Hyperformer.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output; each branch has an equal share.
        kernel: times that a dilated convolution covers.
        dilations: dilation of each dilated branch.
        stride: step in time.

    Raises:
        InputError: for a number of output channels that is no multiple of the number of branches.
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
    """Return ST-GCN++'s six temporal branches and the 1×1 convolution that mixes them (Duan et al. 2022, PYSKL).

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output; each branch has a sixth, the first one also the remainder.
        stride: step in time.
        dropout: dropout probability of the output, 0–1.

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
        BatchNorm2d(out_channels),
        nn.Dropout(dropout),
    )
