import pytest
import torch
from torch import nn

from modalities.skeleton.encoders.layers.adaptive_gcn import AdaptiveGcn
from modalities.skeleton.encoders.layers.stc_attention import StcAttention
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout

GRAPH = dense_adjacency(to_data(get_layout("jhmdb15")))


@pytest.mark.parametrize("gated", [False, True])
def test_by_the_formula(gated: bool) -> None:
    """Part by part, as the papers write it: likeness, graph, product, convolution, sum."""
    torch.manual_seed(0)
    layer = AdaptiveGcn(6, 8, GRAPH, gated=gated).eval()
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.5)
    x = torch.randn(2, 6, 5, 15)
    theta, phi = layer.embed(x).unflatten(1, (2, 3, 2)).unbind(1)  # [N, K, I, T, V]
    total = torch.zeros(2, 8, 5, 15)
    for part in range(3):
        likeness = torch.einsum("nitv,nitw->nvw", theta[:, part], phi[:, part]) / (2 * 5)
        if gated:
            graph = layer.adjacency[part] + layer.gate * likeness.tanh()
        else:
            graph = GRAPH[part] + layer.offset[part] + likeness.softmax(1)
        weight = layer.conv.weight[:, part * 6 : part * 6 + 6, 0, 0]
        message = torch.einsum("nctv,nvw->nctw", x, graph)
        total += torch.einsum("dc,nctv->ndtv", weight, message) + layer.bias[part].view(-1, 1, 1)
    expected = (layer.norm(total) + layer.residual(x)).relu()
    torch.testing.assert_close(layer(x.contiguous(memory_format=torch.channels_last)), expected, atol=1e-5, rtol=1e-5)


def test_the_graph_of_a_clip_by_hand() -> None:
    """Where all joints are alike, each hears all 15 equally, on top of the graph."""
    layer = AdaptiveGcn(3, 16, GRAPH, gated=False)
    found = layer.adjacency_of(torch.ones(1, 3, 4, 15))[0]
    torch.testing.assert_close(found, GRAPH + 1e-6 + torch.full_like(GRAPH, 1 / 15))
    gated = AdaptiveGcn(3, 16, GRAPH, gated=True)
    torch.testing.assert_close(gated.adjacency_of(torch.randn(1, 3, 4, 15))[0], GRAPH)  # the gate starts shut


@pytest.mark.parametrize("joints", [15, 16])
def test_attention_one_after_the_other(joints: int) -> None:
    """Each attention looks at the map that the one before left."""
    torch.manual_seed(0)
    attention = StcAttention(8, joints)
    for parameter in attention.parameters():
        nn.init.normal_(parameter, std=0.5)
    x = torch.randn(2, 8, 5, joints)
    y = x * (1 + attention.joints(x.mean(2)).sigmoid()[:, :, None])
    y = y * (1 + attention.times(y.mean(3)).sigmoid()[..., None])
    y = y * (1 + attention.excite(attention.squeeze(y.mean((2, 3))).relu()).sigmoid()[:, :, None, None])
    torch.testing.assert_close(attention(x), y, atol=1e-5, rtol=1e-5)


def test_attention_starts_even_over_times_and_channels() -> None:
    attention = StcAttention(8, 15)
    x = torch.randn(2, 8, 5, 15)
    joint = 1 + attention.joints(x.mean(2)).sigmoid()[:, :, None]
    torch.testing.assert_close(attention(x), x * joint * 1.5 * 1.5)
