"""Graph convolution with a graph for each channel of each clip."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.skeleton.encoders.layers.unit_gcn import residual_shortcut


class ChannelGcn(nn.Module):
    """Channel-wise topology refinement (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution).

    ``y = relu(bn(Σ_k (W_k x) R_k(x)) + residual(x))`` with, for each channel ``c``, source ``u`` and target ``v``,
    ``R_k[c, u, v] = A_k[u, v] + α (Q_k tanh(ψ_k(x̄)[u] − φ_k(x̄)[v]))[c]``, ``x̄`` the mean over time, ``A`` a parameter
    that starts as the graph's, α one from 0. The mean comes before ψ and φ, which is the same and ``T`` times less;
    ``A``, α and the bias of ``Q`` ride along in the one product that makes ``R``, its largest map.

    Args:
        in_channels, out_channels: channels of the map before and after; ψ and φ have an eighth of the former, 8 where
            that is 16 or fewer.
        adjacency: ``[K, V, V]``, part, source, target; see ``modalities.skeleton.graph``.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int, adjacency: Tensor) -> None:
        super().__init__()
        parts = len(adjacency)
        relations = 8 if in_channels <= 16 else in_channels // 8
        self.adjacency = nn.Parameter(adjacency.clone())
        self.gate = nn.Parameter(torch.zeros(1))
        self.embed = nn.Conv2d(in_channels, 2 * parts * relations, 1)  # ψ of every part, then φ of every part
        self.refine = nn.Conv2d(parts * relations, parts * out_channels, 1, groups=parts)
        self.convs = nn.ModuleList(nn.Conv2d(in_channels, out_channels, 1) for _ in range(parts))
        self.norm = nn.BatchNorm2d(out_channels)
        self.residual = residual_shortcut(in_channels, out_channels)
        for conv in (self.embed, self.refine, *self.convs):
            nn.init.kaiming_normal_(conv.weight, mode="fan_out")  # type: ignore[arg-type]
            nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
        nn.init.constant_(self.norm.weight, 1e-6)  # a stage begins as its residual

    def forward(self, x: Tensor) -> Tensor:
        n, _, times, joints = x.shape

        def messages(conv: nn.Module) -> Tensor:
            return conv(x).contiguous().view(-1, times, joints)  # [N·C', T, V]

        (conv, graph), *others = zip(self.convs, self.adjacency_of(x), strict=True)
        y = torch.bmm(messages(conv), graph)
        for conv, graph in others:
            y = torch.baddbmm(y, messages(conv), graph)
        y = self.norm(y.view(n, -1, times, joints).contiguous(memory_format=torch.channels_last))
        return F.relu(y + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> list[Tensor]:
        """The graph of each part, ``[N·C', V, V]``: source, target."""
        parts, joints, _ = self.adjacency.shape
        pairs = self.embed(x.mean(2, keepdim=True)).reshape(len(x), 2, parts, -1, joints)  # [N, 2, K, R, V]
        relations = (pairs[:, 0, ..., None] - pairs[:, 1, ..., None, :]).tanh().flatten(-2)  # [N, K, R, V·V]
        shared = self.adjacency.flatten(1)[None, :, None].expand(len(x), -1, -1, -1).to(relations.dtype)
        features = torch.cat([relations, shared, torch.ones_like(shared)], 2)  # [N, K, R + 2, V·V]
        weight = self.refine.weight.view(parts, -1, relations.shape[2]) * self.gate  # [K, C', R]
        bias = self.refine.bias.view(parts, -1, 1) * self.gate  # type: ignore[union-attr]
        weight = torch.cat([weight, torch.ones_like(bias), bias], 2)  # [K, C', R + 2]
        return [  # bmm, as the product of a matrix and a stack would be turned round and copied
            torch.bmm(w.expand(len(x), -1, -1), f).view(-1, joints, joints)
            for w, f in zip(weight, features.unbind(1), strict=True)
        ]
