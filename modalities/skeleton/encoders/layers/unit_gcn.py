"""Graph convolution over joints as one dense product."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UnitGcn(nn.Module):
    """Spatial graph convolution whose graph is learned: ``y = relu(bn(Σ_k (W_k x) A_k) + residual(x))``.

    ``A`` is a parameter that starts as the graph's, with a residual around (Duan et al. 2022, PYSKL: ST-GCN++); or, as
    ``importance``, the graph's times a parameter, without (Yan et al. 2018, Spatial Temporal Graph Convolutional
    Networks). Maps live in memory with channels last: the sum over parts and joints is then one matrix product per
    time, without a copy.

    Args:
        in_channels, out_channels: channels of the map before and after.
        adjacency: ``[K, V, V]``, part, source, target; see ``modalities.skeleton.graph``.
        importance: weigh the edges of the graph instead of learning all of it.
        residual: add the input, or its 1×1 convolution where the channels differ.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    graph: Tensor

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        adjacency: Tensor,
        *,
        importance: bool = False,
        residual: bool = True,
    ) -> None:
        super().__init__()
        if importance:
            self.register_buffer("graph", adjacency.clone())
            self.importance = nn.Parameter(torch.ones_like(adjacency))
        else:
            self.adjacency = nn.Parameter(adjacency.clone())
        self.conv = nn.Conv2d(in_channels, out_channels * len(adjacency), 1)
        self.norm = nn.BatchNorm2d(out_channels)
        self.residual = residual_shortcut(in_channels, out_channels) if residual else None

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(graph_product(self.conv(x), self.adjacency_of(x)))
        return F.relu(y if self.residual is None else y + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> Tensor:
        """The graph, the same for every clip, ``[K, V, V]``: part, source, target."""
        return self.adjacency if hasattr(self, "adjacency") else self.graph * self.importance


def residual_shortcut(in_channels: int, out_channels: int) -> nn.Module:
    """The way around a graph convolution: nothing, or a 1×1 convolution where the channels differ."""
    if in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels))


def graph_product(x: Tensor, adjacency: Tensor) -> Tensor:
    """``y[n, c, t, w] = Σ_k Σ_v x[n, k·C + c, t, v] · adjacency[k, v, w]``.

    Shapes: ``[N, K·C, T, V]``, ``[K, V, V]`` -> ``[N, C, T, V]``, both with channels last in memory.
    """
    (n, channels, times, joints), parts = x.shape, len(adjacency)
    messages = x.permute(0, 2, 3, 1).reshape(n * times, joints * parts, channels // parts)  # [N·T, V·K, C]
    weights = adjacency.permute(2, 1, 0).reshape(joints, joints * parts)  # [V, V·K]: target, (source, part)
    y = torch.bmm(weights.expand(n * times, -1, -1), messages)  # [N·T, V, C]
    return y.view(n, times, joints, -1).permute(0, 3, 1, 2)


def gather_product(x: Tensor, adjacency: Tensor) -> Tensor:
    """``y[n, k·C + c, t, w] = Σ_v x[n, c, t, v] · adjacency[n, k, v, w]``: a graph for each sample, parts kept apart.

    Shapes: ``[N, C, T, V]``, ``[N, K, V, V]`` -> ``[N, K·C, T, V]``, both with channels last in memory.
    """
    (n, channels, times, joints), parts = x.shape, adjacency.shape[1]
    weights = adjacency.permute(0, 3, 1, 2).reshape(n, 1, joints * parts, joints)  # [N, 1, V·K, V]: (target, part)
    weights = weights.expand(-1, times, -1, -1).reshape(n * times, joints * parts, joints)
    y = torch.bmm(weights, x.permute(0, 2, 3, 1).reshape(n * times, joints, channels))  # [N·T, V·K, C]
    return y.view(n, times, joints, parts * channels).permute(0, 3, 1, 2)
