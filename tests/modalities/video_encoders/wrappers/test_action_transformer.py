from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import ActionTransformer, SmallR2Plus1d, TorchvisionImage
from triad.modalities.video_encoders.wrappers.action_transformer import ActionTransformerUnit, middle_valid_time

SMALL = {"trunk": {"type": SmallR2Plus1d}, "channels": 16, "roi_size": 2, "dropout": 0.0}


def test_heads_attend_apart():
    """Identity maps: each of two heads compares one channel of the query with that channel of two places."""
    unit = ActionTransformerUnit(channels=2, memory_channels=2, heads=2, dropout=0.0)
    for layer in (unit.query, unit.key, unit.value):
        nn.init.eye_(layer.weight)
    for bias in (unit.query.bias, unit.value.bias):
        nn.init.zeros_(bias)
    memory = torch.tensor([[[math.log(3.0), 0.0], [0.0, 0.0]]])
    valid = torch.ones(1, 2, dtype=torch.bool)
    _, weights = unit(torch.tensor([[1.0, 5.0]]), memory, valid)
    torch.testing.assert_close(weights, torch.tensor([[[0.75, 0.25], [0.5, 0.5]]]))


def test_middle_of_valid_times():
    valid = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [1, 0, 0, 0, 0], [0, 1, 1, 1, 0]]).bool()
    assert middle_valid_time(valid).tolist() == [2, 2, 0, 2]


def test_locations_are_relative_to_the_middle():
    encoder = ActionTransformer(**SMALL)
    seen = []
    encoder.time_embedding.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    encoder.place_embedding.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    assert encoder.location_embedding(torch.zeros(2, 64, 3, 1, 2)).shape == (2, 16, 3, 1, 2)
    torch.testing.assert_close(seen[0][:, 0], torch.tensor([-2 / 3, 0.0, 2 / 3]))
    assert seen[1].tolist() == [[[0.0, -0.5], [0.0, 0.5]]]


def test_invalid_times_get_no_attention():
    encoder = ActionTransformer(**SMALL).eval()
    valid = torch.tensor([[True] * 4 + [False] * 4])
    with torch.no_grad():
        output = encoder(torch.randn(1, 3, 8, 32, 32), valid)
    assert output.pooled is not None
    assert output.pooled.shape == (1, 16)
    for number in (1, 2, 3):
        weights = output.taps[f"attention{number}"]
        assert weights.shape == (1, 2, 4, 2, 2)
        assert not weights[:, :, 2:].any()
        torch.testing.assert_close(weights.sum((2, 3, 4)), torch.ones(1, 2))


def test_wrong_trunks_and_heads_are_refused():
    with pytest.raises(InputError, match=r"map of ActionTransformer.trunk must have axes BCTHW, got BTNC"):
        ActionTransformer(trunk={"type": TorchvisionImage, "network": "vit_b_32"})
    with pytest.raises(InputError, match=r"ActionTransformer.channels must divide by its 3 heads, got 16"):
        ActionTransformer(**SMALL, heads=3)
