import pytest
import torch
from torch import nn

from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.encoders.layers import AdaptiveGcn
from triad.modalities.skeleton.graph import dense_adjacency, to_data

ADJACENCY = dense_adjacency(to_data(get_layout("jhmdb15")))


@pytest.mark.parametrize("gated", [False, True])
def test_output_follows_the_formula(gated: bool) -> None:
    """Subset by subset, as the papers write it: similarity, adjacency, product, convolution, sum."""
    torch.manual_seed(0)
    layer = AdaptiveGcn(6, 8, ADJACENCY, gated=gated).eval()
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.5)
    x = torch.randn(2, 6, 5, 15)
    theta, phi = layer.embed(x).unflatten(1, (2, 3, 2)).unbind(1)  # [N, K, I, T, V]
    total = torch.zeros(2, 8, 5, 15)
    for subset in range(3):
        similarity = torch.einsum("nitv,nitw->nvw", theta[:, subset], phi[:, subset]) / (2 * 5)
        if gated:
            adjacency = layer.adjacency[subset] + layer.gate * similarity.tanh()
        else:
            adjacency = ADJACENCY[subset] + layer.offset[subset] + similarity.softmax(1)
        weight = layer.conv.weight[:, subset * 6 : subset * 6 + 6, 0, 0]
        messages = torch.einsum("nctv,nvw->nctw", x, adjacency)
        total += torch.einsum("dc,nctv->ndtv", weight, messages) + layer.bias[subset].view(-1, 1, 1)
    expected = (layer.norm(total) + layer.residual(x)).relu()
    torch.testing.assert_close(layer(x.contiguous(memory_format=torch.channels_last)), expected, atol=1e-5, rtol=1e-5)


def test_equal_joints_add_uniform_weights() -> None:
    layer = AdaptiveGcn(3, 16, ADJACENCY, gated=False)
    adjacency = layer.adjacency_of(torch.ones(1, 3, 4, 15))[0]
    torch.testing.assert_close(adjacency, ADJACENCY + 1e-6 + torch.full_like(ADJACENCY, 1 / 15))


def test_gate_starts_closed() -> None:
    layer = AdaptiveGcn(3, 16, ADJACENCY, gated=True)
    torch.testing.assert_close(layer.adjacency_of(torch.randn(1, 3, 4, 15))[0], ADJACENCY)
