from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.skeleton import Layout, get_layout
from triad.modalities.skeleton.encoders import MsG3d
from triad.modalities.skeleton.encoders.ms_g3d import MultiScaleGraph, WindowGraph, disentangled_adjacency


def chain() -> Layout:
    """Return a layout of three joints in a row."""
    return replace(
        get_layout("ntu25"), joints=("a", "b", "c"), parents=(-1, 0, 1), mirror=(), torso=((0,), (1,)), name="chain"
    )


def test_number_of_parameters_is_published() -> None:
    encoder = MsG3d(layout="ntu25_agcn")
    assert count_parameters(encoder, nn.Linear(encoder.out_channels, 60)) == 3_194_595


def test_adjacency_of_a_chain_by_hand() -> None:
    """Degrees with loops: 2, 3, 2 at scale 1; at scale 2 the ends see each other, the middle itself."""
    loops, neighbours, two_hops = disentangled_adjacency(chain(), 3)
    assert torch.equal(loops, torch.eye(3))
    a, b = 1 / 2, 6**-0.5
    torch.testing.assert_close(neighbours, torch.tensor([[a, b, 0], [b, 1 / 3, b], [0, b, a]]))
    torch.testing.assert_close(two_hops, torch.tensor([[0.5, 0, 0.5], [0, 1, 0], [0.5, 0, 0.5]]))


def test_adjacency_of_a_window_by_hand() -> None:
    """A joint is connected to itself once at scales 0 and 2, at both times at scale 1; other joints at both times."""
    loops, neighbours, two_hops = (disentangled_adjacency(chain(), 3, 2) > 0).int()
    assert torch.equal(loops, torch.eye(6, dtype=torch.int))
    assert neighbours.tolist() == [[1, 1, 0] * 2, [1, 1, 1] * 2, [0, 1, 1] * 2] * 2
    assert two_hops[0].tolist() == [1, 0, 1, 0, 0, 1]
    assert two_hops[4].tolist() == [0, 0, 0, 0, 1, 0]


def test_scales_are_summed() -> None:
    torch.manual_seed(0)
    adjacency = disentangled_adjacency(chain(), 3)
    layer, x = MultiScaleGraph(4, 5, adjacency).eval(), torch.randn(2, 4, 6, 3)
    nn.init.normal_(layer.learned)
    expected = layer.conv.bias[:, None, None].expand(2, 5, 6, 3)
    for scale in range(3):
        messages = torch.einsum("vu,nctu->nctv", adjacency[scale] + layer.learned[scale], x)
        expected = expected + torch.einsum("oc,nctv->notv", layer.conv.weight[:, :, scale, 0], messages)
    torch.testing.assert_close(layer(x), layer.norm(expected), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("times", "stride"), [(7, 1), (7, 2), (6, 2), (1, 2)])
def test_window_joins_neighbouring_times(times: int, stride: int) -> None:
    """Window by window: zeros outside the clip, graph convolution over all its joints, ReLU, sum over its times."""
    torch.manual_seed(0)
    adjacency = disentangled_adjacency(chain(), 2, 3)
    layer = WindowGraph(4, 5, hidden=6, adjacency=adjacency, window=3, stride=stride).eval()
    x = torch.randn(2, 4, times, 3)
    padded = F.pad(x, (0, 0, 1, 1))
    expected = []
    for start in range(0, times, stride):
        joined = padded[:, :, start : start + 3].reshape(2, 4, 1, 9)  # the joints of three times as one skeleton
        y = layer.graph(joined).relu().view(2, 6, 3, 3)
        expected.append(torch.einsum("ocw,ncwv->nov", layer.collapse.weight[..., 0], y) + layer.collapse.bias[:, None])
    torch.testing.assert_close(layer(x), layer.norm(torch.stack(expected, 2)), atol=1e-5, rtol=1e-5)


def test_pathways_are_summed_before_the_relu() -> None:
    torch.manual_seed(0)
    encoder = MsG3d(layout="minihome16", widths=(18,), scales=2, window_scales=2, windows=(3, 5)).eval()
    block, x = encoder.blocks[0], torch.randn(2, 3, 6, 16)
    pathways = [block.temporal(block.spatial(x).relu()), *(window(x) for window in block.windows)]
    assert len(pathways) == 3
    assert all(pathway.min() < 0 for pathway in pathways)
    torch.testing.assert_close(block(x), block.last(sum(pathways).relu()))


def test_mirrored_skeleton_gives_mirrored_map() -> None:
    """Left and right differ only by the learned adjacency, which starts near zero."""
    torch.manual_seed(0)
    encoder = MsG3d(layout="minihome16", widths=(18, 36), scales=5, window_scales=3, windows=(3,)).eval()
    data, valid = torch.randn(2, 1, 3, 6, 16), torch.ones(2, 1, 6, dtype=torch.bool)
    mirror = list(encoder.layout.mirror_index)
    feature_map, mirrored = encoder(data, valid).map, encoder(data[..., mirror], valid).map
    torch.testing.assert_close(mirrored, feature_map[..., mirror], atol=1e-4, rtol=1e-3)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="be at least 16"):
        MsG3d(layout="minihome16", widths=(6,))
    with pytest.raises(InputError, match="be a multiple of 6, got 20"):
        MsG3d(layout="minihome16", widths=(20,))
    with pytest.raises(InputError, match=r"MsG3d.windows must be odd, got \[3, 4\]"):
        MsG3d(layout="minihome16", windows=(3, 4))
    with pytest.raises(InputError, match=r"be at least 1, got \(13, 0\)"):
        MsG3d(layout="minihome16", window_scales=0)
