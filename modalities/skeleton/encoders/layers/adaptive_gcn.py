"""Graph convolution whose graph each clip changes by the likeness of its joints."""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.skeleton.encoders.layers.unit_gcn import gather_product, residual_shortcut


class AdaptiveGcn(nn.Module):
    """``y = relu(bn(Σ_k W_k (x A_k(x)) + b_k) + residual(x))``, where ``A_k(x)`` depends on the clip.

    With ``S_k = θ_k(x)ᵀ φ_k(x) / (I·T)``, the likeness of each two joints over all times, ``A_k(x)`` is

    - the graph + a learned matrix + ``softmax(S_k)`` over sources (Shi et al. 2019, Two-Stream Adaptive Graph
      Convolutional Networks);
    - gated: a learned matrix that starts as the graph + α ``tanh(S_k)`` with α from 0 (Shi et al. 2020,
      Skeleton-Based Action Recognition With Multi-Stream Adaptive Graph Convolutional Networks).

    Args:
        in_channels, out_channels: channels of the map before and after; θ and φ have ``I``, a quarter of the latter.
        adjacency: ``[K, V, V]``, part, source, target; see ``modalities.skeleton.graph``.
        gated: the second form.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    graph: Tensor

    def __init__(self, in_channels: int, out_channels: int, adjacency: Tensor, *, gated: bool) -> None:
        super().__init__()
        self.parts = parts = len(adjacency)
        self.gate: nn.Parameter | None = None
        if gated:
            self.adjacency = nn.Parameter(adjacency.clone())
            self.gate = nn.Parameter(torch.zeros(1))
        else:
            self.register_buffer("graph", adjacency.clone())
            self.offset = nn.Parameter(torch.full_like(adjacency, 1e-6))
        self.embed = nn.Conv2d(in_channels, 2 * parts * (out_channels // 4), 1)
        self.conv = nn.Conv2d(parts * in_channels, out_channels, 1, bias=False)
        self.bias = nn.Parameter(torch.zeros(parts, out_channels))  # a sum would do; K of them are the published count
        self.norm = nn.BatchNorm2d(out_channels)
        self.residual = residual_shortcut(in_channels, out_channels)
        nn.init.kaiming_normal_(self.embed.weight, mode="fan_out")
        nn.init.zeros_(self.embed.bias)  # type: ignore[arg-type]
        nn.init.normal_(self.conv.weight, std=sqrt(2 / (out_channels * in_channels * parts)))
        nn.init.constant_(self.norm.weight, 1e-6)  # a stage begins as its residual

    def forward(self, x: Tensor) -> Tensor:
        messages = gather_product(x, self.adjacency_of(x))  # [N, K·C, T, V]
        y = F.conv2d(messages, self.conv.weight, self.bias.sum(0))
        return F.relu(self.norm(y) + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> Tensor:
        """The graph of each clip, ``[N, K, V, V]``: part, source, target."""
        n, _, times, joints = x.shape
        pairs = self.embed(x).permute(0, 2, 3, 1).reshape(n, times, joints, 2, self.parts, -1)  # [N, T, V, 2, K, I]
        theta, phi = pairs.permute(3, 0, 4, 2, 1, 5).flatten(-2)  # [N, K, V, T·I] each
        likeness = theta @ phi.transpose(-1, -2) / theta.shape[-1]
        if self.gate is not None:
            return self.adjacency + self.gate * likeness.tanh()
        return self.graph + self.offset + likeness.softmax(-2)
