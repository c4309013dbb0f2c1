"""Attention over a video from the maps of fusion modules."""

from __future__ import annotations

import torch

from fusion.models import AttentionMap, video_attention

ROWS = torch.tensor([0])
DRIVEN = torch.tensor([True])


def test_map_of_times_weighs_the_times():
    maps = {
        "places": AttentionMap("rgb", "BHW", torch.tensor([[[0.2, 0.8]]]), ROWS, DRIVEN),
        "other": AttentionMap("flow", "BT", torch.tensor([[1.0, 0.0]]), ROWS, DRIVEN),
        "times": AttentionMap("rgb", "BT", torch.tensor([[1.0, 3.0]]), ROWS, DRIVEN),
    }
    attention = video_attention(maps)
    assert attention is not None
    assert attention.stream == "rgb"
    torch.testing.assert_close(attention.places, torch.tensor([[[0.2, 0.8]]]))
    torch.testing.assert_close(attention.times, torch.tensor([[0.25, 0.75]]))


def test_places_at_each_time_are_averaged():
    weights = torch.tensor([[[[0.0, 0.2]], [[0.2, 0.4]]]])  # [B, T, H, W]
    attention = video_attention({"map": AttentionMap("rgb", "BTHW", weights, ROWS, DRIVEN)})
    assert attention is not None
    torch.testing.assert_close(attention.places, torch.tensor([[[0.1, 0.3]]]))
    torch.testing.assert_close(attention.times, torch.tensor([[0.25, 0.75]]))


def test_maps_without_places_give_nothing():
    assert video_attention({"map": AttentionMap("rgb", "BT", torch.ones(1, 2), ROWS, DRIVEN)}) is None
