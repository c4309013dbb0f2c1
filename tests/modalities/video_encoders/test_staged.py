import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import StagedVideoEncoder


def test_stages_run_in_order():
    encoder = StagedVideoEncoder(stages=[nn.Conv3d(2, 4, 1), nn.ReLU()], in_channels=2, out_channels=4)
    data = torch.randn(1, 2, 3, 5, 5)
    conv, relu = encoder.layers
    assert torch.equal(encoder(data, torch.ones(1, 3, dtype=torch.bool)).map, relu(conv(data)))


def test_other_channels_are_refused():
    encoder = StagedVideoEncoder(stages=[nn.Conv3d(2, 4, 1)], in_channels=2, out_channels=4)
    with pytest.raises(InputError, match=r"must have shape \[B, 2, T, H, W\], got \[1, 3, "):
        encoder(torch.zeros(1, 3, 3, 5, 5), torch.ones(1, 3, dtype=torch.bool))
