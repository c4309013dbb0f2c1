"""One stage of a spatio-temporal graph network: a convolution over joints, then one over time."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.skeleton.encoders.layers.batch_norm import BatchNorm2d
from triad.modalities.skeleton.encoders.layers.unit_tcn import temporal_conv


class StGcnBlock(nn.Module):
    """``relu(temporal(spatial(x)) + residual(x))`` (Yan et al. 2018, Spatial Temporal Graph Convolutional Networks).

    Args:
        spatial: convolution over joints.
        temporal: convolution over time.
        residual: module of the residual connection, or None without one.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T', V]``.
    """

    def __init__(self, spatial: nn.Module, temporal: nn.Module, residual: nn.Module | None) -> None:
        super().__init__()
        self.spatial = spatial
        self.temporal = temporal
        self.residual = residual

    def forward(self, x: Tensor) -> Tensor:
        y = self.temporal(self.spatial(x))
        if self.residual is None:
            return F.relu(y)  # not in place: the gradient of `temporal` may need its output
        return F.relu(y + self.residual(x), inplace=True)


def strided_shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """Return the residual module of a block: identity, or a strided 1×1 convolution where the shape changes."""
    if in_channels == out_channels and stride == 1:
        return nn.Identity()
    return nn.Sequential(temporal_conv(in_channels, out_channels, 1, stride=stride), BatchNorm2d(out_channels))
