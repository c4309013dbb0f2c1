from __future__ import annotations

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import ConvPooling


def test_maximum_is_over_valid_times():
    torch.manual_seed(0)
    encoder = ConvPooling(network="alexnet", full_channels=(16, 8)).eval()
    data = torch.randn(1, 3, 3, 64, 64)
    with torch.no_grad():
        output = encoder(data, torch.tensor([[True, False, True]]))
        expected = encoder.full(torch.maximum(output.map[:, :, 0], output.map[:, :, 2]))
        flipped = encoder(data.flip(2), torch.tensor([[True, False, True]]))
        none = encoder(data, torch.zeros(1, 3, dtype=torch.bool))
    torch.testing.assert_close(output.pooled, expected)
    torch.testing.assert_close(flipped.pooled, expected)  # without order
    assert torch.isfinite(none.pooled).all()


def test_networks_of_tokens_are_refused():
    with pytest.raises(InputError, match=r"ConvPooling.network must give a map, got 'vit_b_32'"):
        ConvPooling(network="vit_b_32")
