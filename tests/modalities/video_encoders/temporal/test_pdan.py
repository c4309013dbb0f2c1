"""PDAN has its published size and weighs neighbours by their likeness."""

from __future__ import annotations

import math

import pytest
import torch
from receptive_field import times_seen

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import Pdan
from triad.modalities.video_encoders.temporal.pdan import DilatedAttention


def test_parameters_of_published_size():
    """Five layers of 512 channels over I3D's 1,024 features, with the 157 classes of Charades."""
    block = 3 * 512 * 512 + 3 * 512 + 512 * 512 + 512
    expected = 1024 * 512 + 512 + 5 * block + 512 * 157 + 157
    assert count_parameters(Pdan(in_channels=1024), torch.nn.Linear(512, 157)) == expected == 5_858_461


def test_measured_receptive_field():
    network = Pdan(in_channels=1, channels=2, num_layers=3)
    assert network.receptive_field == 15
    assert times_seen(network, 31, 15) == list(range(8, 23))


@torch.no_grad()
def test_attention_by_hand():
    """Query 1 at the middle meets keys ln 2, 1 and ln 3, itself and those at a distance of 2."""
    attention = DilatedAttention(1, 2)
    for conv in (attention.query, attention.key, attention.value):
        conv.weight.fill_(1.0)
    attention.offsets.copy_(torch.tensor([[[10.0, 20.0, 30.0]]]))
    features = torch.tensor([[[math.log(2), 5.0, 1.0, 5.0, math.log(3)]]])
    attention.key.weight.fill_(1.0)
    value = attention(features)[0, 0, 2].item()
    weights = torch.tensor([math.log(2), 1.0, math.log(3)]).softmax(0)
    expected = weights @ torch.tensor([math.log(2) + 10, 21.0, math.log(3) + 30])
    assert value == pytest.approx(expected.item(), rel=1e-6)
    assert weights.tolist() == pytest.approx([2 / (5 + math.e), math.e / (5 + math.e), 3 / (5 + math.e)])


def test_network_without_layer_is_refused():
    with pytest.raises(InputError, match="num_layers must be at least 1, got 0"):
        Pdan(in_channels=1, num_layers=0)
