from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.video_encoders.transformers.layers import SelfAttention
from triad.modalities.video_encoders.transformers.layers.sliding_window import SlidingWindowAttention, window_mask


def test_window_of_two_by_hand():
    """The class token sees and is seen by all; a time sees itself and one neighbour on each side."""
    expected = [
        [1, 1, 1, 1, 1],
        [1, 1, 1, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 0, 1, 1, 1],
        [1, 0, 0, 1, 1],
    ]
    assert window_mask(4, 2).int().tolist() == expected


def test_same_projections_give_self_attention():
    """With the global projections equal to the common ones and all visible it is plain attention."""
    torch.manual_seed(0)
    attention = SlidingWindowAttention(channels=8, heads=2)
    plain = SelfAttention(channels=8, heads=2)
    plain.qkv.load_state_dict(attention.qkv.state_dict())
    plain.proj.load_state_dict(attention.proj.state_dict())
    with torch.no_grad():
        parts = zip(attention.qkv.weight.chunk(3), attention.qkv.bias.chunk(3), strict=True)
        projections = (attention.global_query, attention.global_key, attention.global_value)
        for projection, (weight, bias) in zip(projections, parts, strict=True):
            projection.weight.copy_(weight)
            projection.bias.copy_(bias)
    tokens = torch.randn(2, 5, 8)
    torch.testing.assert_close(attention(tokens, torch.ones(2, 5, 5, dtype=torch.bool)), plain(tokens))


def test_global_token_has_its_own_values():
    torch.manual_seed(0)
    attention = SlidingWindowAttention(channels=8, heads=2)
    tokens = torch.randn(1, 4, 8)
    mask = torch.ones(1, 4, 4, dtype=torch.bool)
    before = attention(tokens, mask)
    nn.init.zeros_(attention.global_value.weight)
    after = attention(tokens, mask)
    assert torch.equal(before[:, 1:], after[:, 1:])
    assert not torch.allclose(before[:, 0], after[:, 0])


def test_heads_must_divide_channels():
    with pytest.raises(InputError, match=r"channels must divide by its 3 heads, got 8"):
        SlidingWindowAttention(channels=8, heads=3)
