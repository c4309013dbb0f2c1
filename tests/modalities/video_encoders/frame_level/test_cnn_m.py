from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.video_encoders import CnnM2048


def test_sides_are_those_of_the_paper():
    encoder = CnnM2048(full6_channels=8, full7_channels=8)
    sides = []
    for module in encoder.modules():
        if isinstance(module, nn.Conv2d | nn.MaxPool2d):
            module.register_forward_hook(lambda module, inputs, output: sides.append(output.shape[-1]))
    output = encoder(torch.randn(1, 3, 1, 224, 224), torch.ones(1, 1, dtype=torch.bool))
    assert sides == [109, 54, 26, 13, 13, 13, 13, 6]
    assert output.map.shape == (1, 512, 1, 6, 6)


@pytest.mark.parametrize(("second_norm", "norms"), [(True, 2), (False, 1)])
def test_temporal_stream_has_one_norm(second_norm: bool, norms: int):
    encoder = CnnM2048(in_channels=20, second_norm=second_norm, full6_channels=8, full7_channels=8)
    assert sum(isinstance(module, nn.LocalResponseNorm) for module in encoder.modules()) == norms


def test_vector_is_the_mean_over_valid_frames():
    torch.manual_seed(0)
    encoder = CnnM2048(full6_channels=16, full7_channels=16).eval()
    data = torch.randn(1, 3, 3, 96, 96)
    with torch.no_grad():
        pooled = encoder(data, torch.tensor([[True, False, True]])).pooled
        alone = [encoder(data[:, :, [time]], torch.ones(1, 1, dtype=torch.bool)).pooled for time in (0, 2)]
    torch.testing.assert_close(pooled, (alone[0] + alone[1]) / 2)
