"""CTR-GCN with the key names, and the transposed graphs, of Uason-Chen/CTR-GCN computes the same map."""

from __future__ import annotations

import torch
from published_networks import WIDTHS, Tcn, Unit, check_same_map, down, normalize, plan, randomize
from torch import Tensor, nn

from triad.modalities.skeleton.encoders import CtrGcn


class Subset(nn.Module):
    """One subset: the graph is indexed by target, source, unlike in pyskl."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        hidden = 8 if in_channels == 3 else in_channels // 8
        self.conv1 = nn.Conv2d(in_channels, hidden, 1)
        self.conv2 = nn.Conv2d(in_channels, hidden, 1)
        self.conv3 = nn.Conv2d(in_channels, out_channels, 1)
        self.conv4 = nn.Conv2d(hidden, out_channels, 1)

    def forward(self, x: Tensor, graph: Tensor, alpha: Tensor) -> Tensor:
        targets, sources = self.conv1(x).mean(2), self.conv2(x).mean(2)
        relations = (targets[..., :, None] - sources[..., None, :]).tanh()
        refined = self.conv4(relations) * alpha + graph  # [N, C', V (target), V (source)]
        return torch.einsum("ncuv,nctv->nctu", refined, self.conv3(x))


class Gcn(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, joints: int) -> None:
        super().__init__()
        self.PA = nn.Parameter(torch.zeros(3, joints, joints))
        self.alpha = nn.Parameter(torch.zeros(1))
        self.convs = nn.ModuleList(Subset(in_channels, out_channels) for _ in range(3))
        self.down = down(in_channels, out_channels)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        y = sum(conv(x, graph, self.alpha) for conv, graph in zip(self.convs, self.PA, strict=True))
        return (self.bn(y) + self.down(x)).relu()


class Branches(nn.Module):
    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        width = channels // 4
        reduce = [[nn.Conv2d(channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()] for _ in range(3)]
        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches = nn.ModuleList(
            [
                nn.Sequential(*reduce[0], Tcn(width, width, 5, stride, 1)),
                nn.Sequential(*reduce[1], Tcn(width, width, 5, stride, 2)),
                nn.Sequential(*reduce[2], pool, nn.BatchNorm2d(width)),
                nn.Sequential(nn.Conv2d(channels, width, 1, (stride, 1)), nn.BatchNorm2d(width)),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


class Plain(nn.Module):
    def __init__(self, joints: int) -> None:
        super().__init__()
        self.data_bn = nn.BatchNorm1d(2 * 3 * joints)
        for number, (before, after, stride) in enumerate(plan((32, 32, 64)), 1):
            unit = Unit(Gcn(before, after, joints), Branches(after, stride), before, after, stride)
            self.add_module(f"l{number}", unit)

    def forward(self, data: Tensor) -> Tensor:
        x = normalize(self.data_bn, data)
        for number in range(len(WIDTHS)):
            x = self.get_submodule(f"l{number + 1}")(x)
        return x


def test_official_weights_give_the_same_map() -> None:
    check_same_map(randomize(Plain(25)), CtrGcn(layout="ntu25_agcn", widths=(32, 32, 64)), 25)
