import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.skeleton.encoders import VpnPose


def test_numbers_of_parameters_are_published() -> None:
    encoder = VpnPose(layout="ntu25")
    assert count_parameters(encoder.gcn) == 16 * 448
    norms = sum(2 * channels for channels in (67, 64, 64, 128))
    assert count_parameters(encoder.convs) == 149_440 + norms
    assert count_parameters(encoder.full) == 819_584


def test_graph_convolution_by_hand() -> None:
    """With a weight of the joint itself 2 and of its neighbours 1."""
    gcn = VpnPose(layout="minihome16", in_channels=1, num_times=4, width=1).gcn
    gcn.weight.data = torch.tensor([2.0, 1.0]).view(1, 2, 1).repeat(4, 1, 1)
    gcn.bias.data[3] = 1.0
    x = torch.rand(2, 1, 4, 16)
    expected = 2 * x + torch.einsum("vw,nctw->nctv", gcn.graph, x)
    expected[:, :, 3] += 1.0
    torch.testing.assert_close(gcn(x), expected)


def test_each_time_has_its_own_weights() -> None:
    encoder = VpnPose(layout="minihome16", num_times=4, width=4).eval()
    data, valid = torch.randn(1, 1, 3, 4, 16), torch.ones(1, 1, 4, dtype=torch.bool)
    data[:] = data[:, :, :, :1]  # the same pose at all times
    assert not torch.allclose(encoder.gcn(data[0])[:, :, 0], encoder.gcn(data[0])[:, :, 1])
    assert encoder(data, valid).map.shape == (1, 8)


def test_order_of_persons_is_free() -> None:
    encoder = VpnPose(layout="minihome16", num_times=4, width=4).eval()
    data, valid = torch.randn(2, 2, 3, 4, 16), torch.ones(2, 2, 4, dtype=torch.bool)
    torch.testing.assert_close(encoder(data.flip(1), valid).map, encoder(data, valid).map)


def test_too_few_times_are_refused() -> None:
    with pytest.raises(InputError, match=r"VpnPose.num_times must be at least 4, got 3"):
        VpnPose(layout="minihome16", num_times=3)
