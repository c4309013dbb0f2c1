"""Graph convolution over joints as one dense product (ST-GCN, ST-GCN++)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d


class UnitGcn(nn.Module):
    """Graph convolution with a learned adjacency: ``y = relu(bn(Σ_k (W_k x) A_k) + residual(x))``.

    ``A`` is a parameter that starts as the graph's adjacency, with a residual (Duan et al. 2022, PYSKL: ST-GCN++); or,
    with ``importance``, the fixed adjacency times a parameter, without a residual (Yan et al. 2018, Spatial Temporal
    Graph Convolutional Networks). Maps have channels last in memory: the sum over subsets and joints is then one
    matrix product a time, without a copy.

    Args:
        in_channels: channels ``C`` of the input.
        out_channels: channels ``C'`` of the output.
        adjacency: edge weights ``[K, V, V]`` by subset, source, target; see ``triad.modalities.skeleton.graph``.
        importance: True to learn a factor for each edge instead of the adjacency.
        residual: True to add the input, or its 1×1 convolution where the channels differ.

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
        self.norm = BatchNorm2d(out_channels)
        self.residual = residual_shortcut(in_channels, out_channels) if residual else None

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(graph_product(self.conv(x), self.adjacency_of(x)))
        return F.relu(y if self.residual is None else y + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> Tensor:
        """Return the adjacency, the same for every clip, ``[K, V, V]`` by subset, source, target."""
        return self.adjacency if hasattr(self, "adjacency") else self.graph * self.importance


def residual_shortcut(in_channels: int, out_channels: int) -> nn.Module:
    """Return the residual of a graph convolution: identity, or a 1×1 convolution where the channels differ."""
    if in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 1), BatchNorm2d(out_channels))


def graph_product(x: Tensor, adjacency: Tensor) -> Tensor:
    """Compute ``y[n, c, t, w] = Σ_k Σ_v x[n, k·C + c, t, v] · adjacency[k, v, w]``.

    Shapes: ``[N, K·C, T, V]``, ``[K, V, V]`` -> ``[N, C, T, V]``, both with channels last in memory.
    """
    n, channels, times, joints = x.shape
    subsets = len(adjacency)
    messages = x.permute(0, 2, 3, 1).reshape(n * times, joints * subsets, channels // subsets)  # [N·T, V·K, C]
    weights = adjacency.permute(2, 1, 0).reshape(joints, joints * subsets)  # [V, V·K]: target, (source, subset)
    y = torch.bmm(weights.expand(n * times, -1, -1), messages)  # [N·T, V, C]
    return y.view(n, times, joints, -1).permute(0, 3, 1, 2)


def gather_product(x: Tensor, adjacency: Tensor) -> Tensor:
    """Compute ``y[n, k·C + c, t, w] = Σ_v x[n, c, t, v] · adjacency[n, k, v, w]``, an adjacency for each sample.

    Shapes: ``[N, C, T, V]``, ``[N, K, V, V]`` -> ``[N, K·C, T, V]``, both with channels last in memory.
    """
    n, channels, times, joints = x.shape
    subsets = adjacency.shape[1]
    weights = adjacency.permute(0, 3, 1, 2).reshape(n, 1, joints * subsets, joints)  # [N, 1, V·K, V]: (target, subset)
    weights = weights.expand(-1, times, -1, -1).reshape(n * times, joints * subsets, joints)
    y = torch.bmm(weights, x.permute(0, 2, 3, 1).reshape(n * times, joints, channels))  # [N·T, V·K, C]
    return y.view(n, times, joints, subsets * channels).permute(0, 3, 1, 2)
