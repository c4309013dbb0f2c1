"""CTR-GCN beside a plain one: branch by branch, part by part, under pyskl's names, which no package installs."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.skeleton.encoders import CtrGcn, from_openmmlab
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import Layout, get_layout


class Part(nn.Module):
    """One part of the graph: relations of two embeddings, refined for each channel (equations 3–6 of the paper)."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        few = 8 if before <= 16 else before // 8
        self.conv1, self.conv2 = nn.Conv2d(before, few, 1), nn.Conv2d(before, few, 1)
        self.conv3, self.conv4 = nn.Conv2d(before, after, 1), nn.Conv2d(few, after, 1)

    def forward(self, x: Tensor, graph: Tensor, alpha: Tensor) -> Tensor:
        sources, targets = self.conv1(x).mean(2), self.conv2(x).mean(2)  # [N, R, V]
        refined = self.conv4(torch.tanh(sources[..., None] - targets[..., None, :])) * alpha + graph
        return torch.einsum("ncuv,nctu->nctv", refined, self.conv3(x))


class Spatial(nn.Module):
    def __init__(self, before: int, after: int, graph: Tensor) -> None:
        super().__init__()
        self.A, self.alpha = nn.Parameter(graph.clone()), nn.Parameter(torch.zeros(1))
        self.convs = nn.ModuleList(Part(before, after) for _ in graph)
        self.bn = nn.BatchNorm2d(after)
        self.down: nn.Module | None = None
        if before != after:
            self.down = nn.Sequential(nn.Conv2d(before, after, 1), nn.BatchNorm2d(after))

    def forward(self, x: Tensor) -> Tensor:
        y = sum(part(x, graph, self.alpha) for part, graph in zip(self.convs, self.A, strict=True))
        return F.relu(self.bn(y) + (x if self.down is None else self.down(x)))


class OverTime(nn.Module):
    def __init__(self, before: int, after: int, kernel: int, dilation: int = 1, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            before, after, (kernel, 1), (stride, 1), (kernel // 2 * dilation, 0), dilation=(dilation, 1)
        )
        self.bn = nn.BatchNorm2d(after)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.conv(x))


class Branches(nn.Module):
    def __init__(self, width: int, stride: int) -> None:
        super().__init__()
        part = width // 4

        def first() -> list[nn.Module]:
            return [nn.Conv2d(width, part, 1), nn.BatchNorm2d(part), nn.ReLU()]

        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches = nn.ModuleList(
            [nn.Sequential(*first(), OverTime(part, part, 5, dilation, stride)) for dilation in (1, 2)]
            + [nn.Sequential(*first(), pool, nn.BatchNorm2d(part))]
            + [nn.Sequential(nn.Conv2d(width, part, 1, stride=(stride, 1)), nn.BatchNorm2d(part))]
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


class Block(nn.Module):
    def __init__(self, before: int, after: int, graph: Tensor, stride: int, relu: bool) -> None:
        super().__init__()
        self.gcn1, self.tcn1, self.relu = Spatial(before, after, graph), Branches(after, stride), relu
        self.residual = OverTime(before, after, 1, stride=stride) if before != after else nn.Identity()
        self.first = before == 3

    def forward(self, x: Tensor) -> Tensor:
        y = self.tcn1(self.gcn1(x))
        return F.relu((F.relu(y) if self.relu else y) + (0 if self.first else self.residual(x)))


class Plain(nn.Module):
    def __init__(self, layout: Layout, *, relu: bool) -> None:
        super().__init__()
        self.data_bn = nn.BatchNorm1d(2 * layout.num_joints * 3)
        graph = dense_adjacency(to_data(layout))
        widths = [3, *[64] * 4, *[128] * 3, *[256] * 3]
        self.net = nn.ModuleList(
            Block(before, after, graph, 2 if 3 < before < after else 1, relu) for before, after in pairwise(widths)
        )
        for block in self.net:
            if block.first:
                block.residual = nn.Identity()

    def forward(self, data: Tensor) -> Tensor:
        b, m, c, t, v = data.shape
        x = self.data_bn(data.permute(0, 1, 4, 2, 3).reshape(b, m * v * c, t)).view(b, m, v, c, t)
        x = x.permute(0, 1, 3, 4, 2).reshape(b * m, c, t, v)
        for block in self.net:
            x = block(x)
        return x.unflatten(0, (b, m))


def shaken(network: Plain) -> Plain:
    """Nothing left at zero or one, where a mix-up would not show; running statistics as after some training."""
    torch.manual_seed(0)
    for name, parameter in network.named_parameters():
        if name.endswith((".A", "alpha")):
            parameter.data += torch.rand_like(parameter) / 4
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.1)
            module.momentum = 0.9
    with torch.no_grad():
        network(torch.randn(2, 2, 3, 20, network.net[0].gcn1.A.shape[-1]))
    return network


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("layout", ["ntu25_agcn", "kinect20"])
def test_equals_the_plain_one(layout: str, relu: bool) -> None:
    plain, encoder = shaken(Plain(get_layout(layout), relu=relu)), CtrGcn(layout=layout, temporal_relu=relu)
    weights = {f"backbone.{key}": value for key, value in plain.state_dict().items()}
    encoder.load_state_dict(from_openmmlab(weights | {"backbone.A": torch.zeros(1), "cls_head.fc.bias": torch.ones(1)}))
    data = torch.randn(2, 2, 3, 10, encoder.layout.num_joints, dtype=torch.float64)
    valid = torch.ones(2, 2, 10, dtype=torch.bool)
    for dtype, training, tolerance in (
        (torch.float32, False, 1e-5),
        (torch.float64, False, 1e-9),
        (torch.float64, True, 1e-9),  # batch statistics amplify float32's rounding
    ):
        plain.to(dtype).train(training)
        encoder.to(dtype).train(training)
        with torch.no_grad():
            found, expected = encoder(data.to(dtype), valid)["map"], plain(data.to(dtype))
        torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)
