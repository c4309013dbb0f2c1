"""Parts of plain skeleton networks with the key names of their authors' code, and the comparison with an encoder."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from triad.modalities.encoder import Encoder
from triad.modalities.weights import load_tensors

WIDTHS = (16, 16, 32)


class Tcn(nn.Module):
    """Temporal convolution and its norm, named ``conv`` and ``bn``."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        padding = (kernel // 2 * dilation, 0)
        self.conv = nn.Conv2d(in_channels, out_channels, (kernel, 1), (stride, 1), padding, (dilation, 1))
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.conv(x))


class Unit(nn.Module):
    """Block of 2s-AGCN and its successors: ``gcn1``, ``tcn1`` and, where the shape changes, ``residual``."""

    def __init__(self, gcn: nn.Module, tcn: nn.Module, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.gcn1 = gcn
        self.tcn1 = tcn
        self.first = in_channels == 3
        if in_channels != out_channels and not self.first:
            self.residual = Tcn(in_channels, out_channels, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.residual(x) if hasattr(self, "residual") else 0 if self.first else x
        return (self.tcn1(self.gcn1(x)) + shortcut).relu()


def down(in_channels: int, out_channels: int) -> nn.Module:
    """Return the residual ``down`` of a graph convolution."""
    if in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels))


def plan(widths: tuple[int, ...] = WIDTHS) -> list[tuple[int, int, int]]:
    """Return input channels, output channels and stride of each block."""
    return [(before, after, 2 if 3 < before < after else 1) for before, after in pairwise((3, *widths))]


def normalize(norm: nn.Module, data: Tensor) -> Tensor:
    """Apply a norm over persons, joints and channels, ``[B, M, C, T, V]`` -> ``[B·M, C, T, V]``."""
    b, m, c, t, v = data.shape
    x = data.permute(0, 1, 4, 2, 3)  # [B, M, V, C, T]
    x = norm(x.reshape(b, -1, t) if norm.num_features == m * v * c else x.reshape(b * m, v * c, t))
    return x.reshape(b * m, v, c, t).permute(0, 2, 3, 1)


def randomize(network: nn.Module) -> nn.Module:
    """Give every tensor values of its own, away from zero and one, which would hide a mix-up."""
    torch.manual_seed(0)
    for name, value in network.state_dict().items():
        if name.endswith("running_var") or (value.ndim == 1 and name.endswith("weight")):
            nn.init.uniform_(value, 0.5, 1.5)
        elif value.is_floating_point():
            nn.init.normal_(value, std=0.3)
    return network.eval()


def check_same_map(network: nn.Module, encoder: Encoder, joints: int) -> None:
    """Load the network's weights, wrapped and with a classifier, into an encoder and compare what they compute."""
    classifier = {"fc.weight": torch.zeros(2, 2), "fc.bias": torch.zeros(2)}
    weights = {f"module.{key}": value for key, value in {**network.state_dict(), **classifier}.items()}
    report = load_tensors(encoder, weights)
    assert report.complete
    assert set(report.left_out) >= set(classifier)
    data = torch.randn(2, 2, 3, 8, joints, dtype=torch.float64)
    with torch.no_grad():
        expected = network.double()(data).unflatten(0, (2, 2))
        output = encoder.double().eval()(data, torch.ones(2, 2, 8, dtype=torch.bool)).map
    assert expected.std() > 0.01
    torch.testing.assert_close(output, expected, atol=1e-6 * expected.abs().max().item(), rtol=1e-6)
