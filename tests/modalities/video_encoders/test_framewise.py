from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.video_encoders import FramewiseEncoder


class ChannelsAsTokens(nn.Module):
    """``[N, C, H, W]`` -> ``[N, H·W, C]``."""

    def forward(self, frames: Tensor) -> Tensor:
        return frames.flatten(2).transpose(1, 2)


class FirstToken(FramewiseEncoder):
    def pool_frames(self, frames: Tensor) -> Tensor:
        return frames[:, 0]


def all_valid(data: Tensor) -> Tensor:
    return torch.ones(data.shape[0], data.shape[2], dtype=torch.bool)


def test_map_keeps_times_apart():
    stages = [nn.Conv2d(2, 5, 3, padding=1), nn.MaxPool2d(2)]
    encoder = FramewiseEncoder(stages=stages, in_channels=2, out_channels=5)
    data = torch.randn(3, 2, 4, 6, 8)
    output = encoder(data, all_valid(data))
    assert encoder.output_axes == "BCTHW"
    assert output.pooled is None
    assert output.map.shape == (3, 5, 4, 3, 4)
    torch.testing.assert_close(output.map[2, :, 1], stages[1](stages[0](data[2:, :, 1]))[0])


def test_prefix_tokens_leave_the_grid():
    encoder = FirstToken(stages=[ChannelsAsTokens()], in_channels=3, out_channels=3, prefix_tokens=1, pooled_channels=3)
    data = torch.randn(2, 3, 4, 1, 5)
    valid = torch.tensor([[True, True, False, False], [True] * 4])
    output = encoder(data, valid)
    assert encoder.output_axes == "BTNC"
    torch.testing.assert_close(output.map, data[:, :, :, 0, 1:].permute(0, 2, 3, 1))
    assert output.pooled is not None
    torch.testing.assert_close(output.pooled[0], data[0, :, :2, 0, 0].mean(1))
    torch.testing.assert_close(output.pooled[1], data[1, :, :, 0, 0].mean(1))


def test_pooling_of_one_s_own_must_be_written():
    encoder = FramewiseEncoder(stages=[nn.Identity()], in_channels=1, out_channels=1, pooled_channels=1)
    data = torch.randn(1, 1, 2, 3, 3)
    with pytest.raises(NotImplementedError):
        encoder(data, all_valid(data))
