"""Graph convolution with an adjacency for each channel of each clip (CTR-GCN)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.device_constants import device_constant
from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d
from triad.modalities.skeleton.encoders.layers.unit_gcn import residual_shortcut


class ChannelGcn(nn.Module):
    """Channel-wise topology refinement (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution).

    ``y = relu(bn(Σ_k (W_k x) R_k(x)) + residual(x))`` with, for each channel ``c``, source ``u`` and target ``v``,
    ``R_k[c, u, v] = A_k[u, v] + α (Q_k tanh(ψ_k(x̄)[u] − φ_k(x̄)[v]))[c]``. ``x̄`` is the mean over time, ``A`` a
    parameter that starts as the graph's adjacency, α a parameter that starts at 0. The mean is taken before ψ and φ,
    which gives the same at ``T`` times less cost; ``A``, α and the bias of ``Q`` are part of the one product that
    computes ``R``, the largest map here, for all subsets and clips.

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
        weights = torch.cat([conv.weight for conv in self.convs]).flatten(1)  # type: ignore[misc]  # [K·C', C]
        biases = torch.cat([conv.bias for conv in self.convs])  # type: ignore[misc]
        messages = _project(x.permute(0, 2, 3, 1), weights, biases).view(len(self.convs), -1, times, joints)
        adjacency = self.adjacency_of(x).flatten(1, 2)  # [K, C'·N, V, V]
        (first, by), *remaining = zip(messages.unbind(), adjacency.unbind(), strict=True)
        y = torch.bmm(first, by)
        for of_subset, by in remaining:
            y = torch.baddbmm(y, of_subset, by)
        y = y.view(-1, n, times, joints).transpose(0, 1).contiguous(memory_format=torch.channels_last)
        return F.relu(self.norm(y) + self.residual(x), inplace=True)

    def adjacency_of(self, x: Tensor) -> Tensor:
        """Return the refined adjacency, ``[K, C', N, V, V]`` by subset, channel, clip, source, target."""
        num_subsets, joints, _ = self.adjacency.shape
        pooled = x.mean(2).transpose(1, 2)  # [N, V, C]
        bias: Tensor = self.embed.bias  # type: ignore[assignment]
        embedded = _project(pooled, self.embed.weight.flatten(1), bias)  # [2·K·R, N·V]
        psi, phi = embedded.view(2, num_subsets, -1, x.shape[0], joints).unbind(0)
        relations = (psi[..., None] - phi[..., None, :]).tanh().flatten(3)  # [K, R, N, V·V]
        shape = num_subsets, 1, x.shape[0], joints * joints
        shared = self.adjacency.view(num_subsets, 1, 1, -1).to(relations.dtype).expand(shape)
        one = device_constant((1.0,), x.device, relations.dtype)
        features = torch.cat([relations, one.expand(shape), shared], 1).flatten(2)  # [K, R + 2, N·V·V]
        offset = self.refine.bias.view(num_subsets, -1, 1)  # type: ignore[union-attr]
        refine = torch.cat([self.refine.weight.view(num_subsets, -1, relations.shape[1]), offset], 2)  # [K, C', R + 1]
        factors = torch.cat([refine * self.gate, one.to(offset.dtype).expand_as(offset)], 2)
        return torch.bmm(factors, features).view(num_subsets, -1, x.shape[0], joints, joints)


def _project(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return a 1×1 convolution of rows, channels first: all subsets and clips are then one product without a copy.

    Shapes: ``[…, C]``, ``[C', C]``, ``[C']`` -> ``[C', …]`` as a matrix.
    """
    return torch.addmm(bias[:, None], weight, x.reshape(-1, x.shape[-1]).mT)
