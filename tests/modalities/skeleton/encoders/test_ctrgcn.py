"""CTR-GCN equals a plain implementation, branch by branch and subset by subset, with pyskl's key names."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.cost import count_parameters
from triad.modalities.skeleton import Layout, get_layout
from triad.modalities.skeleton.encoders import CtrGcn
from triad.modalities.skeleton.graph import dense_adjacency, to_data
from triad.modalities.weights import load_tensors


class SubsetGcn(nn.Module):
    """One subset of the graph: relations of two embeddings, refined for each channel (equations 3–6 of the paper)."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        hidden = 8 if in_channels <= 16 else in_channels // 8
        self.conv1, self.conv2 = nn.Conv2d(in_channels, hidden, 1), nn.Conv2d(in_channels, hidden, 1)
        self.conv3, self.conv4 = nn.Conv2d(in_channels, out_channels, 1), nn.Conv2d(hidden, out_channels, 1)

    def forward(self, x: Tensor, graph: Tensor, alpha: Tensor) -> Tensor:
        sources, targets = self.conv1(x).mean(2), self.conv2(x).mean(2)  # [N, R, V]
        refined = self.conv4(torch.tanh(sources[..., None] - targets[..., None, :])) * alpha + graph
        return torch.einsum("ncuv,nctu->nctv", refined, self.conv3(x))


class Spatial(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, graph: Tensor) -> None:
        super().__init__()
        self.A, self.alpha = nn.Parameter(graph.clone()), nn.Parameter(torch.zeros(1))
        self.convs = nn.ModuleList(SubsetGcn(in_channels, out_channels) for _ in graph)
        self.bn = nn.BatchNorm2d(out_channels)
        self.down: nn.Module | None = None
        if in_channels != out_channels:
            self.down = nn.Sequential(nn.Conv2d(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels))

    def forward(self, x: Tensor) -> Tensor:
        y = sum(conv(x, graph, self.alpha) for conv, graph in zip(self.convs, self.A, strict=True))
        return F.relu(self.bn(y) + (x if self.down is None else self.down(x)))


class Temporal(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, kernel: int, dilation: int = 1, stride: int = 1) -> None:
        super().__init__()
        padding = kernel // 2 * dilation
        self.conv = nn.Conv2d(in_channels, out_channels, (kernel, 1), (stride, 1), (padding, 0), dilation=(dilation, 1))
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.conv(x))


class Branches(nn.Module):
    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        width = channels // 4

        def reduce() -> list[nn.Module]:
            return [nn.Conv2d(channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()]

        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches = nn.ModuleList(
            [nn.Sequential(*reduce(), Temporal(width, width, 5, dilation, stride)) for dilation in (1, 2)]
            + [nn.Sequential(*reduce(), pool, nn.BatchNorm2d(width))]
            + [nn.Sequential(nn.Conv2d(channels, width, 1, stride=(stride, 1)), nn.BatchNorm2d(width))]
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


class Block(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, graph: Tensor, stride: int, relu: bool) -> None:
        super().__init__()
        self.gcn1 = Spatial(in_channels, out_channels, graph)
        self.tcn1 = Branches(out_channels, stride)
        self.relu = relu
        self.first = in_channels == 3
        self.residual: nn.Module = nn.Identity()
        if in_channels != out_channels and not self.first:
            self.residual = Temporal(in_channels, out_channels, 1, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        y = self.tcn1(self.gcn1(x))
        return F.relu((F.relu(y) if self.relu else y) + (0 if self.first else self.residual(x)))


class PlainCtrGcn(nn.Module):
    def __init__(self, layout: Layout, *, relu: bool) -> None:
        super().__init__()
        self.data_bn = nn.BatchNorm1d(2 * layout.num_joints * 3)
        graph = dense_adjacency(to_data(layout))
        widths = [3, *[64] * 4, *[128] * 3, *[256] * 3]
        self.net = nn.ModuleList(
            Block(before, after, graph, 2 if 3 < before < after else 1, relu) for before, after in pairwise(widths)
        )

    def forward(self, data: Tensor) -> Tensor:
        b, m, c, t, v = data.shape
        x = self.data_bn(data.permute(0, 1, 4, 2, 3).reshape(b, m * v * c, t)).view(b, m, v, c, t)
        x = x.permute(0, 1, 3, 4, 2).reshape(b * m, c, t, v)
        for block in self.net:
            x = block(x)
        return x.unflatten(0, (b, m))


def randomize(network: PlainCtrGcn) -> PlainCtrGcn:
    """Move weights away from zero and one, which would hide a mix-up, and running statistics from their start."""
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
def test_output_equals_plain_implementation(layout: str, relu: bool) -> None:
    plain = randomize(PlainCtrGcn(get_layout(layout), relu=relu))
    encoder = CtrGcn(layout=layout, temporal_relu=relu)
    weights = {f"backbone.{key}": value for key, value in plain.state_dict().items()}
    assert load_tensors(encoder, weights | {"backbone.A": torch.zeros(1), "cls_head.fc.bias": torch.ones(1)}).complete
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
            output, expected = encoder(data.to(dtype), valid).map, plain(data.to(dtype))
        torch.testing.assert_close(output, expected, atol=tolerance, rtol=tolerance)


def test_temporal_relu_trains() -> None:
    """The first stage has no residual: its ReLU follows the temporal one directly."""
    encoder = CtrGcn(layout="minihome16", widths=(16, 32), temporal_relu=True, person_norms=1)
    encoder(torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)).map.sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in encoder.parameters())


@pytest.mark.parametrize(
    ("layout", "person_norms", "classes", "published"),
    [("ntu25_agcn", 2, 60, 1_446_672), ("ntu25_agcn", 2, 120, 1_462_092), ("kinect20", 1, 10, 1_426_892)],
)
def test_number_of_parameters_is_published(layout: str, person_norms: int, classes: int, published: int) -> None:
    encoder = CtrGcn(layout=layout, person_norms=person_norms)
    assert (encoder.out_channels, len(encoder.blocks)) == (256, 10)
    assert count_parameters(encoder, nn.Linear(256, classes)) == published
