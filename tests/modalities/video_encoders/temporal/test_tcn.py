from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import EdTcn, Tcn

PUBLISHED_FIELDS = [(2, 8, 2, 511), (3, 4, 2, 61), (3, 6, 2, 253), (2, 8, 1, 256)]


def positive(network: Tcn) -> Tcn:
    """Give every weight a positive value, so that no path through ReLU is closed."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.abs_().add_(0.01)
    return network.double().eval()


@pytest.mark.parametrize(("kernel", "levels", "convs", "field"), PUBLISHED_FIELDS)
def test_measured_receptive_field(kernel: int, levels: int, convs: int, field: int):
    """The last output depends on exactly ``field`` last inputs."""
    torch.manual_seed(0)
    network = Tcn(in_channels=1, widths=(2,) * levels, kernel_size=kernel, convs_per_level=convs)
    assert network.receptive_field == field
    data = torch.ones(1, 1, field + 5, dtype=torch.double, requires_grad=True)
    output = positive(network)(data, torch.ones(1, field + 5, dtype=torch.bool)).map
    (gradient,) = torch.autograd.grad(output[0, :, -1].sum(), data)
    assert gradient[0, 0].ne(0).tolist() == [False] * 5 + [True] * field


@torch.no_grad()
def test_output_does_not_see_the_future():
    torch.manual_seed(0)
    network = Tcn(in_channels=4, widths=(6, 6), kernel_size=3).eval()
    data = torch.randn(1, 4, 12)
    valid = torch.ones(1, 12, dtype=torch.bool)
    expected = network(data, valid).map
    for time in range(12):
        changed = data.clone()
        changed[:, :, time] += 1
        different = (network(changed, valid).map != expected).any(1)[0]
        assert not different[:time].any()
        assert different[time]


def test_parameters_of_published_block():
    """Sequential MNIST: eight levels of 25 with kernels of 7, weight norm's length a channel, one 1×1 convolution."""
    network = Tcn(in_channels=1, widths=(25,) * 8, kernel_size=7)
    first = 25 * (1 * 7) + 25 + 25 + 25 * 1 + 25
    following = 15 * (25 * 25 * 7 + 25 + 25)
    assert count_parameters(network) == first + following == 66_650


@torch.no_grad()
def test_one_level_by_hand():
    """A kernel (1, 2) of dilation 1 upon (1, 2, −4), with the input added."""
    network = Tcn(in_channels=1, widths=(1,), kernel_size=2, convs_per_level=1).eval()
    conv = network.levels[0].convs[0].conv
    conv.weight = torch.tensor([[[1.0, 2.0]]])
    conv.bias.zero_()
    output = network(torch.tensor([[[1.0, 2.0, -4.0]]]), torch.ones(1, 3, dtype=torch.bool))
    torch.testing.assert_close(output.map, torch.tensor([[[1 + 2.0, 2 + 5.0, 0.0]]]))
    torch.testing.assert_close(output.pooled, torch.tensor([[0.0]]))


def test_parameters_of_encoder_decoder():
    network = EdTcn(in_channels=128, widths=(64, 96), kernel_size=25)
    convs = [(128, 64), (64, 96), (96, 96), (96, 64)]
    assert count_parameters(network) == sum(25 * inputs * outputs + outputs for inputs, outputs in convs)


@torch.no_grad()
def test_encoder_decoder_against_functions():
    """One level: the same steps in torch's functions, on six times."""
    torch.manual_seed(0)
    network = EdTcn(in_channels=3, widths=(4,), kernel_size=5).eval()
    data = torch.randn(2, 3, 6)
    features = F.relu(F.conv1d(data, network.encoder[0].weight, network.encoder[0].bias, padding=2))
    features = F.max_pool1d(features / (features.max(1, keepdim=True).values + 1e-5), 2)
    upsampled = F.interpolate(features, scale_factor=2, mode="nearest")
    expected = F.relu(F.conv1d(upsampled, network.decoder[0].weight, network.decoder[0].bias, padding=2))
    expected = expected / (expected.max(1, keepdim=True).values + 1e-5)
    torch.testing.assert_close(network(data, torch.ones(2, 6, dtype=torch.bool)).map, expected)


def test_network_without_level_is_refused():
    with pytest.raises(InputError, match=r"Tcn\.widths must name the channels of at least one level, got \(\)"):
        Tcn(in_channels=3, widths=())
    with pytest.raises(InputError, match=r"EdTcn\.widths must name the channels of at least one level, got \(\)"):
        EdTcn(in_channels=3, widths=())
