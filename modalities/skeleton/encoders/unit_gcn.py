"""Graph convolution over joints as one dense product."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UnitGcn(nn.Module):
    """Spatial graph convolution with a learned adjacency and a residual (Duan et al. 2022, PYSKL: ST-GCN++).

    ``y = relu(bn(Σ_k (W_k x) A_k) + residual(x))``, with ``A`` a parameter that starts as the graph's. Maps live in
    memory with channels last: the sum over parts and joints is then one matrix product per time, without a copy.

    Args:
        in_channels, out_channels: channels of the map before and after.
        adjacency: ``[K, V, V]``, part, source, target; see ``modalities.skeleton.graph``.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int, adjacency: Tensor) -> None:
        super().__init__()
        self.adjacency = nn.Parameter(adjacency.clone())
        self.conv = nn.Conv2d(in_channels, out_channels * len(adjacency), 1)
        self.norm = nn.BatchNorm2d(out_channels)
        self.residual: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.residual = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels))

    def forward(self, x: Tensor) -> Tensor:
        y = graph_product(self.conv(x), self.adjacency)
        return F.relu(self.norm(y) + self.residual(x), inplace=True)


def graph_product(x: Tensor, adjacency: Tensor) -> Tensor:
    """``y[n, c, t, w] = Σ_k Σ_v x[n, k·C + c, t, v] · adjacency[k, v, w]``.

    Shapes: ``[N, K·C, T, V]``, ``[K, V, V]`` -> ``[N, C, T, V]``, both with channels last in memory.
    """
    (n, channels, times, joints), parts = x.shape, len(adjacency)
    messages = x.permute(0, 2, 3, 1).reshape(n * times, joints * parts, channels // parts)  # [N·T, V·K, C]
    weights = adjacency.permute(2, 1, 0).reshape(joints, joints * parts)  # [V, V·K]: target, (source, part)
    y = torch.bmm(weights.expand(n * times, -1, -1), messages)  # [N·T, V, C]
    return y.view(n, times, joints, -1).permute(0, 3, 1, 2)
