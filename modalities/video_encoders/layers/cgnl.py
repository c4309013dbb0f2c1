"""Compact generalised non-local block: every channel of every position reads all channels of all positions."""

from __future__ import annotations

from math import exp, factorial, sqrt

import torch
from torch import Tensor, nn

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.layers.attention_block import Attended, AttentionBlock

GAMMA = 1e-4
"""Width γ of the Gaussian kernel ``exp(-γ |θ - φ|²)``, as in the authors' code."""


@MODELS.register_module()
class Cgnl(AttentionBlock):
    """Compact generalised non-local block (Yue et al. 2018, Compact Generalized Non-local Network).

    With ``θ``, ``φ`` and ``g`` as long vectors over channels and positions, the block is ``(θ φᵀ) g`` within groups of
    channels. Computed as ``θ (φ · g)``, one number a group, it costs no more than its four linear layers. Other kernels
    are products of features of ``θ`` and ``φ``: here the Taylor series of a Gaussian, with the factor
    ``exp(-γ (θ² + φ²))`` simplified to ``exp(-2γ)`` as in the authors' code. The result passes a linear layer in groups
    and a group norm whose scale starts at zero: the block starts as the identity.

    Args:
        channels: channels of the map.
        groups: number of groups of channels.
        order: order of the Taylor series of the Gaussian kernel; None for the dot product.

    Shapes: ``[B, C, T, H, W]`` -> the same; weights ``groups`` ``[B, G]``, or ``[B, G, order + 1]``.
    """

    def __init__(self, *, channels: int, groups: int = 8, order: int | None = None) -> None:
        super().__init__()
        self.groups = groups
        self.order = order
        inner = channels // 2
        self.theta = nn.Conv3d(channels, inner, 1, bias=False)
        self.phi = nn.Conv3d(channels, inner, 1, bias=False)
        self.g = nn.Conv3d(channels, inner, 1, bias=False)
        self.out = nn.Conv3d(inner, channels, 1, groups=groups, bias=False)
        self.gn = nn.GroupNorm(groups, channels)
        for conv in (self.theta, self.phi, self.g, self.out):
            nn.init.normal_(conv.weight, std=0.01)
        nn.init.zeros_(self.gn.weight)

    def forward(self, data: Tensor) -> Attended:
        theta, phi, g = (self._group(conv(data)) for conv in (self.theta, self.phi, self.g))  # [B, G, N · C / G]
        if self.order is None:
            weights = (phi * g).sum(2)  # [B, G]
            read = theta * weights[:, :, None]
        else:
            features = taylor_features(theta, self.order)  # [B, G, order + 1, N · C / G]
            weights = (taylor_features(phi, self.order) * g[:, :, None]).sum(3)
            read = (features * weights[..., None]).sum(2)
        grid = read.flatten(1).unflatten(1, (-1, *data.shape[2:]))
        return Attended(data + self.gn(self.out(grid)), {"groups": weights})

    def _group(self, data: Tensor) -> Tensor:
        return data.flatten(1).unflatten(1, (self.groups, -1))


def taylor_features(vector: Tensor, order: int) -> Tensor:
    """Return features whose products are the Taylor series of the Gaussian kernel.

    Feature ``p`` is ``√(exp(-2γ) (2γ)^p / p!) · x^p``.

    Args:
        vector: values ``x``.
        order: last power.

    Shapes: ``[B, G, N]`` -> ``[B, G, order + 1, N]``.
    """
    powers = [sqrt(exp(-2 * GAMMA) * (2 * GAMMA) ** power / factorial(power)) for power in range(order + 1)]
    return torch.stack([factor * vector**power for power, factor in enumerate(powers)], 2)
