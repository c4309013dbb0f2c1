from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.video_encoders.layers import SelfAttention3d


def test_weights_by_hand() -> None:
    """One head over two positions whose normed tokens are (1, -1) and (-1, 1): products 2 and -2, over √2."""
    block = SelfAttention3d(channels=2, heads=1)
    with torch.no_grad():
        block.attention.in_proj_weight.copy_(torch.eye(2).repeat(3, 1))
        block.attention.out_proj.weight.copy_(torch.eye(2))
    data = torch.tensor([[1.0, 3.0], [-1.0, 5.0]]).reshape(1, 2, 2, 1, 1)
    large = torch.sigmoid(torch.tensor(4 / 2**0.5)).item()
    expected = torch.tensor([[large, 1 - large], [1 - large, large]])
    torch.testing.assert_close(block.weights(data)[0], expected, rtol=1e-4, atol=1e-4)
    added = (block(data).map - data).reshape(2, 2)
    torch.testing.assert_close(added[0], torch.tensor([2 * large - 1, 1 - 2 * large]), rtol=1e-4, atol=1e-4)


def test_equals_attention_with_weights() -> None:
    block = SelfAttention3d(channels=8, heads=2).eval()
    nn.init.normal_(block.attention.out_proj.weight)
    data = torch.randn(2, 8, 2, 3, 2)
    tokens = block.norm(data.flatten(2).transpose(1, 2))
    expected = data + block.attention(tokens, tokens, tokens)[0].transpose(1, 2).reshape(data.shape)
    torch.testing.assert_close(block(data).map, expected)
    torch.testing.assert_close(block.weights(data).sum(2), torch.ones(2, 12))


def test_heads_must_divide_channels() -> None:
    with pytest.raises(InputError, match="divide by its 8 heads, got 12"):
        SelfAttention3d(channels=12)
