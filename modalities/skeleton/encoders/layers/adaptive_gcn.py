"""Graph convolution whose adjacency each clip changes by the similarity of its joints (2s-AGCN, AAGCN)."""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d
from triad.modalities.skeleton.encoders.layers.unit_gcn import gather_product, residual_shortcut


class AdaptiveGcn(nn.Module):
    """``y = relu(bn(Σ_k W_k (x A_k(x)) + b_k) + residual(x))``, where ``A_k(x)`` depends on the clip.

    With ``S_k = θ_k(x)ᵀ φ_k(x) / (I·T)``, the similarity of every two joints over all times, ``A_k(x)`` is

    - the fixed adjacency + a learned matrix + ``softmax(S_k)`` over sources (Shi et al. 2019, Two-Stream Adaptive
      Graph Convolutional Networks);
    - gated: a learned matrix that starts as the adjacency + α ``tanh(S_k)``, α starting at 0 (Shi et al. 2020,
      Skeleton-Based Action Recognition With Multi-Stream Adaptive Graph Convolutional Networks).

    Args:
        in_channels: channels ``C`` of the input.
        out_channels: channels ``C'`` of the output; θ and φ have ``I``, a quarter of them.
        adjacency: edge weights ``[K, V, V]`` by subset, source, target; see ``triad.modalities.skeleton.graph``.
        gated: True for the second form.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    graph: Tensor

    def __init__(self, in_channels: int, out_channels: int, adjacency: Tensor, *, gated: bool) -> None:
        super().__init__()
        self.num_subsets = num_subsets = len(adjacency)
        self.gate: nn.Parameter | None = None
        if gated:
            self.adjacency = nn.Parameter(adjacency.clone())
            self.gate = nn.Parameter(torch.zeros(1))
        else:
            self.register_buffer("graph", adjacency.clone())
            self.offset = nn.Parameter(torch.full_like(adjacency, 1e-6))
        self.embed = nn.Conv2d(in_channels, 2 * num_subsets * (out_channels // 4), 1)
        self.conv = nn.Conv2d(num_subsets * in_channels, out_channels, 1, bias=False)
        self.bias = nn.Parameter(torch.zeros(num_subsets, out_channels))  # only the sum matters; K are published
        self.norm = BatchNorm2d(out_channels)
        self.residual = residual_shortcut(in_channels, out_channels)
        nn.init.kaiming_normal_(self.embed.weight, mode="fan_out")
        nn.init.zeros_(self.embed.bias)  # type: ignore[arg-type]
        nn.init.normal_(self.conv.weight, std=sqrt(2 / (out_channels * in_channels * num_subsets)))
        nn.init.constant_(self.norm.weight, 1e-6)  # a stage starts as its residual

    def forward(self, x: Tensor) -> Tensor:
        messages = gather_product(x, self.adjacency_of(x))  # [N, K·C, T, V]
        y = F.conv2d(messages, self.conv.weight, self.bias.sum(0))
        return F.relu(self.norm(y) + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> Tensor:
        """Return the adjacency of each clip, ``[N, K, V, V]`` by subset, source, target."""
        n, _, times, joints = x.shape
        embedded = self.embed(x).permute(0, 2, 3, 1)  # [N, T, V, 2·K·I]
        embedded = embedded.reshape(n, times, joints, 2, self.num_subsets, -1)
        theta, phi = embedded.permute(3, 0, 4, 2, 1, 5).flatten(-2)  # [N, K, V, T·I] each
        similarity = theta @ phi.transpose(-1, -2) / theta.shape[-1]
        if self.gate is not None:
            return self.adjacency + self.gate * similarity.tanh()
        return self.graph + self.offset + similarity.softmax(-2)
