from __future__ import annotations

import math

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.video_encoders import Rcn
from triad.modalities.video_encoders.temporal.rcn import ConvGruLayer, ConvRnnLayer


@pytest.mark.parametrize(("kernel", "inputs", "hidden"), [(3, 512, 256), (1, 4, 7), (5, 2, 3)])
def test_parameters_of_layers(kernel: int, inputs: int, hidden: int):
    gate = kernel**2 * (inputs + hidden) * hidden + hidden
    assert count_parameters(ConvRnnLayer(inputs, hidden, kernel)) == gate
    assert count_parameters(ConvGruLayer(inputs, hidden, kernel)) == 3 * gate


def test_macs_of_gru():
    with torch.device("meta"):
        network = Rcn(in_channels=4, cell="gru", widths=(6,)).eval()
        macs = count_macs(network, torch.empty(1, 4, 5, 7, 8), torch.ones(1, 5, dtype=torch.bool))
    assert macs[TOTAL] == 5 * 7 * 8 * 3 * 9 * (4 + 6) * 6


@torch.no_grad()
def test_gru_step_by_hand():
    """1×1 kernels make every place a GRU: W = (0.5, 1, 2), U = (1, −1, 0.5), x = 1, h = 0.2."""
    layer = ConvGruLayer(1, 1, 1)
    layer.input_conv.weight.copy_(torch.tensor([0.5, 1.0, 2.0]).reshape(3, 1, 1, 1))
    layer.input_conv.bias.zero_()
    layer.state_conv.weight.copy_(torch.tensor([1.0, -1.0, 0.5]).reshape(3, 1, 1, 1))
    inputs = layer.input_conv(torch.ones(1, 1, 1, 1))
    update = 1 / (1 + math.exp(-(0.5 + 0.2)))
    reset = 1 / (1 + math.exp(-(1 - 0.2)))
    candidate = math.tanh(2 + 0.5 * reset * 0.2)
    state = layer.step(inputs, torch.full((1, 1, 1, 1), 0.2)).item()
    assert state == pytest.approx((1 - update) * 0.2 + update * candidate, abs=1e-6)


@torch.no_grad()
def test_plain_layer_by_hand():
    layer = ConvRnnLayer(1, 1, 1)
    layer.input_conv.weight.fill_(2.0)
    layer.input_conv.bias.fill_(0.1)
    layer.state_conv.weight.fill_(0.5)
    maps = torch.tensor([0.3, 9.0, -0.2]).reshape(1, 3, 1, 1, 1)
    states = layer(maps, torch.tensor([[True, False, True]])).flatten().tolist()
    first = math.tanh(2 * 0.3 + 0.1)
    assert states == pytest.approx([first, first, math.tanh(2 * -0.2 + 0.5 * first + 0.1)], abs=1e-6)


@torch.no_grad()
def test_state_sees_the_past_only():
    torch.manual_seed(0)
    network = Rcn(in_channels=2, cell="gru", widths=(3, 3)).eval()
    data = torch.randn(1, 2, 5, 4, 4)
    valid = torch.ones(1, 5, dtype=torch.bool)
    expected = network(data, valid).map
    data[:, :, 2] += 1
    changed = (network(data, valid).map - expected).abs().amax((0, 1, 3, 4)) > 0
    assert changed.tolist() == [False, False, True, True, True]


def test_odd_options_are_refused():
    with pytest.raises(InputError, match=r"Rcn\.kernel_size must be odd, got 4"):
        Rcn(in_channels=3, kernel_size=4)
    with pytest.raises(InputError, match=r"Rcn\.cell must be one of gru, rnn, got 'lstm'"):
        Rcn(in_channels=3, cell="lstm")
    with pytest.raises(InputError, match=r"Rcn\.widths must name the channels of at least one layer, got \(\)"):
        Rcn(in_channels=3, widths=())
