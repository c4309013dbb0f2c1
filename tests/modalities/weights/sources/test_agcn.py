"""2s-AGCN and AAGCN with the key names of lshiwjx/2s-AGCN compute the same map."""

from __future__ import annotations

import torch
from published_networks import WIDTHS, Tcn, Unit, check_same_map, down, normalize, plan, randomize
from torch import Tensor, nn

from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.encoders import Aagcn, TwoStreamAgcn
from triad.modalities.skeleton.graph import dense_adjacency, to_data


class Gcn(nn.Module):
    """Adaptive graph convolution, subset by subset; with ``attention`` that of AAGCN."""

    def __init__(self, in_channels: int, out_channels: int, graph: Tensor, attention: bool) -> None:
        super().__init__()
        self.PA = nn.Parameter(torch.zeros_like(graph))
        self.graph = graph.double()
        for letter, channels in (("a", out_channels // 4), ("b", out_channels // 4), ("d", out_channels)):
            setattr(self, f"conv_{letter}", nn.ModuleList(nn.Conv2d(in_channels, channels, 1) for _ in range(3)))
        self.attention = attention
        if attention:
            kernel = graph.shape[-1] - 1 + graph.shape[-1] % 2
            self.alpha = nn.Parameter(torch.zeros(1))
            self.conv_ta = nn.Conv1d(out_channels, 1, 9, padding=4)
            self.conv_sa = nn.Conv1d(out_channels, 1, kernel, padding=kernel // 2)
            self.fc1c = nn.Linear(out_channels, out_channels // 2)
            self.fc2c = nn.Linear(out_channels // 2, out_channels)
        self.down = down(in_channels, out_channels)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        y = sum(self.subset(x, subset) for subset in range(3))
        y = (self.bn(y) + self.down(x)).relu()
        if not self.attention:
            return y
        y = y + y * self.conv_sa(y.mean(2)).sigmoid()[:, :, None]
        y = y + y * self.conv_ta(y.mean(3)).sigmoid()[..., None]
        return y + y * self.fc2c(self.fc1c(y.mean((2, 3))).relu()).sigmoid()[..., None, None]

    def subset(self, x: Tensor, subset: int) -> Tensor:
        theta, phi = self.conv_a[subset](x), self.conv_b[subset](x)  # [N, I, T, V]
        similarity = torch.einsum("nitv,nitw->nvw", theta, phi) / (theta.shape[1] * theta.shape[2])
        if self.attention:
            adjacency = self.PA[subset] + self.alpha * similarity.tanh()
        else:
            adjacency = self.graph[subset] + self.PA[subset] + similarity.softmax(-2)
        return self.conv_d[subset](torch.einsum("nctv,nvw->nctw", x, adjacency))


class Plain(nn.Module):
    def __init__(self, layout: str, *, attention: bool) -> None:
        super().__init__()
        graph = dense_adjacency(to_data(get_layout(layout)))
        self.data_bn = nn.BatchNorm1d(2 * 3 * graph.shape[-1])
        for number, (before, after, stride) in enumerate(plan(), 1):
            gcn = Gcn(before, after, graph, attention)
            self.add_module(f"l{number}", Unit(gcn, Tcn(after, after, 9, stride), before, after, stride))

    def forward(self, data: Tensor) -> Tensor:
        x = normalize(self.data_bn, data)
        for number in range(len(WIDTHS)):
            x = self.get_submodule(f"l{number + 1}")(x)
        return x


def test_official_agcn_gives_the_same_map() -> None:
    plain = randomize(Plain("ntu25_agcn", attention=False))
    check_same_map(plain, TwoStreamAgcn(layout="ntu25_agcn", widths=WIDTHS), 25)


def test_official_aagcn_gives_the_same_map() -> None:
    check_same_map(randomize(Plain("coco17", attention=True)), Aagcn(layout="coco17", widths=WIDTHS), 17)
