from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.video_encoders import RecurrentNetwork
from triad.modalities.video_encoders.temporal.recurrent import time_orders


@pytest.mark.parametrize(
    ("inputs", "hidden", "parameters"),
    [(39, 512, 5_335_040), (75, 512, 5_408_768), (150, 512, 5_562_368), (39, 128, 350_720)],
)
def test_parameters_of_three_lstms(inputs: int, hidden: int, parameters: int):
    with torch.device("meta"):
        network = RecurrentNetwork(in_channels=inputs, hidden_channels=hidden, num_layers=3)
    assert count_parameters(network) == parameters


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_parameters_and_macs_of_cells(cell: str, gates: int):
    """One gate has ``h (i + h)`` weights, each used once a time, and two biases."""
    with torch.device("meta"):
        network = RecurrentNetwork(in_channels=12, cell=cell, hidden_channels=5, bidirectional=True).eval()
        macs = count_macs(network, torch.empty(2, 12, 7), torch.ones(2, 7, dtype=torch.bool))
    weights = gates * 5 * (12 + 5)
    assert count_parameters(network) == 2 * (weights + gates * 2 * 5)
    assert macs[TOTAL] == 2 * 7 * 2 * weights  # samples, times, directions


@torch.no_grad()
def test_equals_packed_torch_lstm():
    """Two bidirectional layers over rows of 6 and 4 times, with the same weights."""
    torch.manual_seed(0)
    network = RecurrentNetwork(
        in_channels=3, hidden_channels=4, num_layers=2, bidirectional=True, pooling="last"
    ).eval()
    reference = nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True)
    for index, directions in enumerate(network.layers):
        for suffix, direction in zip(("", "_reverse"), directions, strict=True):
            for name, parameter in direction.named_parameters():
                reference.get_parameter(name.replace("l0", f"l{index}") + suffix).copy_(parameter)
    data = torch.randn(2, 3, 6)
    lengths = torch.tensor([6, 4])
    output = network(data, torch.arange(6) < lengths[:, None])
    packed = pack_padded_sequence(data.transpose(1, 2), lengths, batch_first=True)
    states, (last, _) = reference(packed)
    expected, _ = pad_packed_sequence(states, batch_first=True)
    torch.testing.assert_close(output.map, expected.transpose(1, 2))
    torch.testing.assert_close(output.pooled, torch.cat([last[2], last[3]], dim=1))


def test_time_orders_by_hand():
    order, reverse = time_orders(torch.tensor([[False, True, True, False], [True, True, True, True]]))
    assert order.tolist() == [[1, 2, 0, 3], [0, 1, 2, 3]]
    assert reverse.tolist() == [[1, 0, 2, 3], [3, 2, 1, 0]]


@torch.no_grad()
def test_invalid_times_are_passed_over():
    torch.manual_seed(0)
    network = RecurrentNetwork(in_channels=3, cell="gru", hidden_channels=4, bidirectional=True).eval()
    data = torch.randn(1, 3, 5)
    valid = torch.tensor([[True, False, True, True, False]])
    states = network(data, valid).map
    alone = network(data[:, :, valid[0]], torch.ones(1, 3, dtype=torch.bool)).map
    torch.testing.assert_close(states[:, :, valid[0]], alone)
    assert (states[:, :, ~valid[0]] == 0).all()


def test_unknown_cell_is_refused():
    with pytest.raises(InputError, match=r"RecurrentNetwork\.cell must be one of gru, lstm, rnn, got 'ltsm'"):
        RecurrentNetwork(in_channels=3, cell="ltsm")
