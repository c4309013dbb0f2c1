import pytest
import torch
from torch import nn

from triad.modalities.skeleton.encoders.layers import UnitGcn, gather_product, graph_product


def channels_last(x: torch.Tensor) -> torch.Tensor:
    return x.contiguous(memory_format=torch.channels_last)


def test_graph_product_by_the_formula() -> None:
    torch.manual_seed(0)
    x, adjacency = torch.randn(2, 3 * 4, 5, 7), torch.randn(3, 7, 7)  # [N, K·C, T, V], [K, V, V]
    expected = torch.einsum("nkctv,kvw->nctw", x.unflatten(1, (3, 4)), adjacency)
    torch.testing.assert_close(graph_product(channels_last(x), adjacency), expected, atol=1e-5, rtol=1e-5)


def test_gather_product_by_the_formula() -> None:
    torch.manual_seed(0)
    x, adjacency = torch.randn(2, 4, 5, 7), torch.randn(2, 3, 7, 7)  # [N, C, T, V], [N, K, V, V]
    expected = torch.einsum("nctv,nkvw->nkctw", x, adjacency).flatten(1, 2)
    torch.testing.assert_close(gather_product(channels_last(x), adjacency), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("importance", "residual"), [(False, True), (True, False)])
def test_unit_gcn_by_the_formula(importance: bool, residual: bool) -> None:
    torch.manual_seed(0)
    graph = torch.rand(2, 5, 5)
    layer = UnitGcn(3, 4, graph, importance=importance, residual=residual).eval()
    if importance:
        nn.init.normal_(layer.importance)
        graph = graph * layer.importance
    x = torch.randn(2, 3, 6, 5)
    weights = layer.conv.weight.view(2, 4, 3)  # [K, C', C]
    messages = torch.einsum("koc,nctv->nkotv", weights, x) + layer.conv.bias.view(1, 2, 4, 1, 1)
    y = layer.norm(torch.einsum("nkotv,kvw->notw", messages, graph))
    expected = (y + layer.residual(x) if residual else y).relu()
    torch.testing.assert_close(layer(channels_last(x)), expected, atol=1e-5, rtol=1e-5)
