"""ST-GCN with the key names of yysijie/st-gcn computes the same map."""

from __future__ import annotations

import torch
from published_networks import WIDTHS, check_same_map, normalize, plan, randomize
from torch import Tensor, nn

from triad.modalities.skeleton.encoders import StGcn


class Block(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.gcn = nn.ModuleDict({"conv": nn.Conv2d(in_channels, 3 * out_channels, 1)})
        self.tcn = nn.Sequential(
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, (9, 1), (stride, 1), (4, 0)),
            nn.BatchNorm2d(out_channels),
        )
        self.first = in_channels == 3
        if stride > 1:
            self.residual = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, (stride, 1)), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x: Tensor, adjacency: Tensor) -> Tensor:
        messages = self.gcn["conv"](x).unflatten(1, (3, -1))
        y = self.tcn(torch.einsum("nkctv,kvw->nctw", messages, adjacency))
        return (y + (self.residual(x) if hasattr(self, "residual") else 0 if self.first else x)).relu()


class Plain(nn.Module):
    def __init__(self, joints: int) -> None:
        super().__init__()
        self.register_buffer("A", torch.rand(3, joints, joints))
        self.data_bn = nn.BatchNorm1d(3 * joints)
        self.st_gcn_networks = nn.ModuleList(Block(*numbers) for numbers in plan())
        self.edge_importance = nn.ParameterList(torch.ones(3, joints, joints) for _ in WIDTHS)

    def forward(self, data: Tensor) -> Tensor:
        x = normalize(self.data_bn, data)
        for block, importance in zip(self.st_gcn_networks, self.edge_importance, strict=True):
            x = block(x, self.A * importance)
        return x


def test_official_weights_give_the_same_map() -> None:
    check_same_map(randomize(Plain(25)), StGcn(layout="ntu25", widths=WIDTHS), 25)
