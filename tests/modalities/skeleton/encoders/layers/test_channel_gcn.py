import torch

from triad.modalities.skeleton.encoders.layers import ChannelGcn


def test_adjacency_by_the_formula() -> None:
    """``R_k[c, u, v] = A_k[u, v] + α (Q_k tanh(ψ_k(x̄)[u] − φ_k(x̄)[v]))[c]``, subset by subset."""
    torch.manual_seed(0)
    layer = ChannelGcn(32, 5, torch.rand(2, 7, 7))
    torch.nn.init.constant_(layer.gate, 0.7)
    torch.nn.init.normal_(layer.refine.bias)
    x = torch.randn(3, 32, 4, 7)
    psi, phi = layer.embed(x.mean(2, keepdim=True)).view(3, 2, 2, 4, 7).unbind(1)  # [N, K, R, V]
    for subset, adjacency in enumerate(layer.adjacency_of(x)):
        difference = (psi[:, subset, :, :, None] - phi[:, subset, :, None]).tanh()  # [N, R, V, V]
        weight = layer.refine.weight.view(2, 5, 4)[subset]
        refined = torch.einsum("cr,nruv->ncuv", weight, difference) + layer.refine.bias.view(2, 5, 1, 1)[subset]
        expected = layer.adjacency[subset] + 0.7 * refined
        torch.testing.assert_close(adjacency.transpose(0, 1), expected, atol=1e-5, rtol=1e-5)


def test_adjacency_starts_as_the_graph() -> None:
    graph = torch.rand(2, 7, 7)
    for subset, adjacency in enumerate(ChannelGcn(3, 5, graph).adjacency_of(torch.randn(1, 3, 4, 7))):
        torch.testing.assert_close(adjacency, graph[subset].expand(5, 1, 7, 7))
