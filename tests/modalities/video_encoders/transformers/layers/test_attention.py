from __future__ import annotations

import math

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders.transformers.layers import SelfAttention


def identity_attention() -> SelfAttention:
    """One head over two channels whose query, key and value are the token itself."""
    attention = SelfAttention(channels=2, heads=1)
    with torch.no_grad():
        attention.qkv.weight.copy_(torch.eye(2).repeat(3, 1))
        attention.qkv.bias.zero_()
        attention.proj.weight.copy_(torch.eye(2))
        attention.proj.bias.zero_()
    return attention


def test_two_tokens_by_hand():
    """Tokens (1, 0) and (0, 2): scores 1 and 0 of the first, 0 and 4 of the second, each divided by √2."""
    output = identity_attention()(torch.tensor([[[1.0, 0.0], [0.0, 2.0]]]))
    first = math.exp(1 / math.sqrt(2)) / (math.exp(1 / math.sqrt(2)) + 1)
    second = math.exp(4 / math.sqrt(2)) / (math.exp(4 / math.sqrt(2)) + 1)
    expected = torch.tensor([[[first, 2 * (1 - first)], [1 - second, 2 * second]]])
    torch.testing.assert_close(output, expected)
    assert round(first, 4) == 0.6698


def test_values_pass_through_value_weights():
    """y = Σ a v with v = W_v x: doubling W_v doubles the output, doubling W_q does not."""
    tokens = torch.tensor([[[1.0, 0.0], [0.0, 2.0]]])
    attention = identity_attention()
    before = attention(tokens)
    with torch.no_grad():
        attention.qkv.weight[4:] *= 2
    torch.testing.assert_close(attention(tokens), 2 * before)


def test_masked_token_is_not_seen():
    mask = torch.tensor([[True, False], [True, True]])
    output = identity_attention()(torch.tensor([[[1.0, 0.0], [0.0, 2.0]]]), mask)
    torch.testing.assert_close(output[0, 0], torch.tensor([1.0, 0.0]))


def test_order_of_tokens_is_kept():
    torch.manual_seed(0)
    attention = SelfAttention(channels=8, heads=4)
    tokens = torch.randn(3, 2, 5, 8)
    order = torch.tensor([3, 0, 4, 1, 2])
    torch.testing.assert_close(attention(tokens[:, :, order]), attention(tokens)[:, :, order])


def test_heads_must_divide_channels():
    with pytest.raises(InputError, match=r"SelfAttention's channels must divide by its 3 heads, got 8"):
        SelfAttention(channels=8, heads=3)
