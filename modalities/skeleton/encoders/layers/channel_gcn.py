"""Graph convolution with an adjacency for each channel of each clip (CTR-GCN)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d
from triad.modalities.skeleton.encoders.layers.unit_gcn import residual_shortcut


class ChannelGcn(nn.Module):
    """Channel-wise topology refinement (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution).

    ``y = relu(bn(Σ_k (W_k x) R_k(x)) + residual(x))`` with, for each channel ``c``, source ``u`` and target ``v``,
    ``R_k[c, u, v] = A_k[u, v] + α (Q_k tanh(ψ_k(x̄)[u] − φ_k(x̄)[v]))[c]``. ``x̄`` is the mean over time, ``A`` a
    parameter that starts as the graph's adjacency, α a parameter that starts at 0. The mean is taken before ψ and φ,
    which gives the same at ``T`` times less cost; ``A``, α and the bias of ``Q`` are part of the one product that
    computes ``R``, the largest map here.

    Args:
        in_channels: channels ``C`` of the input; ψ and φ have an eighth of them, 8 where ``C`` is 16 or fewer.
        out_channels: channels ``C'`` of the output.
        adjacency: edge weights ``[K, V, V]`` by subset, source, target; see ``triad.modalities.skeleton.graph``.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int, adjacency: Tensor) -> None:
        super().__init__()
        num_subsets = len(adjacency)
        relations = 8 if in_channels <= 16 else in_channels // 8
        self.adjacency = nn.Parameter(adjacency.clone())
        self.gate = nn.Parameter(torch.zeros(1))
        self.embed = nn.Conv2d(in_channels, 2 * num_subsets * relations, 1)  # ψ of every subset, then φ
        self.refine = nn.Conv2d(num_subsets * relations, num_subsets * out_channels, 1, groups=num_subsets)
        self.convs = nn.ModuleList(nn.Conv2d(in_channels, out_channels, 1) for _ in range(num_subsets))
        self.norm = BatchNorm2d(out_channels)
        self.residual = residual_shortcut(in_channels, out_channels)
        for conv in (self.embed, self.refine, *self.convs):
            nn.init.kaiming_normal_(conv.weight, mode="fan_out")  # type: ignore[arg-type]
            nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
        nn.init.constant_(self.norm.weight, 1e-6)  # a stage starts as its residual

    def forward(self, x: Tensor) -> Tensor:
        n, _, times, joints = x.shape

        def messages(conv: nn.Module) -> Tensor:
            return conv(x).contiguous().view(-1, times, joints)  # [N·C', T, V]

        (first_conv, first_adjacency), *remaining = zip(self.convs, self.adjacency_of(x), strict=True)
        y = torch.bmm(messages(first_conv), first_adjacency)
        for conv, adjacency in remaining:
            y = torch.baddbmm(y, messages(conv), adjacency)
        y = self.norm(y.view(n, -1, times, joints).contiguous(memory_format=torch.channels_last))
        return F.relu(y + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> list[Tensor]:
        """Return the refined adjacency of each subset, ``[N·C', V, V]`` by source, target."""
        num_subsets, joints, _ = self.adjacency.shape
        embedded = self.embed(x.mean(2, keepdim=True)).reshape(len(x), 2, num_subsets, -1, joints)  # [N, 2, K, R, V]
        relations = (embedded[:, 0, ..., None] - embedded[:, 1, ..., None, :]).tanh().flatten(-2)  # [N, K, R, V·V]
        shared = self.adjacency.flatten(1)[None, :, None].expand(len(x), -1, -1, -1).to(relations.dtype)
        features = torch.cat([relations, shared, torch.ones_like(shared)], 2)  # [N, K, R + 2, V·V]
        weight = self.refine.weight.view(num_subsets, -1, relations.shape[2]) * self.gate  # [K, C', R]
        bias = self.refine.bias.view(num_subsets, -1, 1) * self.gate  # type: ignore[union-attr]
        weight = torch.cat([weight, torch.ones_like(bias), bias], 2)  # [K, C', R + 2]
        return [  # bmm, because torch would transpose and copy the product of a matrix and a stack
            torch.bmm(w.expand(len(x), -1, -1), f).view(-1, joints, joints)
            for w, f in zip(weight, features.unbind(1), strict=True)
        ]
