from __future__ import annotations

import pytest
import timm
import torch
from torch import nn
from torchvision import models

from triad.modalities.video_encoders.layers import (
    PerFrame,
    ShiftedResidual,
    insert_shift,
    residual_parts,
    temporal_shift,
)


def test_first_channels_come_from_the_neighbours():
    data = torch.arange(1.0, 13.0).view(1, 4, 3, 1, 1)  # four channels of three times
    expected = [[2, 3, 0], [0, 4, 5], [7, 8, 9], [10, 11, 12]]
    assert temporal_shift(data, shift_div=4).flatten(2)[0].tolist() == expected


def test_shifted_channels_are_a_quarter():
    data = torch.randn(2, 16, 4, 2, 2)
    changed = (temporal_shift(data) != data).flatten(2).any(2)
    assert changed.tolist() == [[True] * 4 + [False] * 12] * 2


@pytest.mark.parametrize(
    "block",
    [
        models.resnet.BasicBlock(8, 8),
        models.resnet.Bottleneck(8, 4, downsample=nn.Conv2d(8, 16, 1)),
        models.mobilenetv2.InvertedResidual(8, 8, 1, 6),
        timm.create_model("tf_efficientnet_lite0").blocks[1][1],
    ],
    ids=["basic", "bottleneck", "mobilenet_v2", "efficientnet"],
)
def test_without_shift_block_is_itself(block: nn.Module):
    block.eval()
    channels = next(block.parameters()).shape[1]
    data = torch.randn(2, channels, 3, 8, 8)
    parts = residual_parts(block)
    assert parts is not None
    with torch.no_grad():
        unshifted = ShiftedResidual(parts, shift_div=channels + 1)(data)  # less than one channel
        torch.testing.assert_close(unshifted, PerFrame(block)(data))
        assert not torch.allclose(ShiftedResidual(parts, shift_div=8)(data), unshifted)


def test_blocks_without_shortcut_see_single_frames():
    assert residual_parts(models.mobilenetv2.InvertedResidual(8, 8, 2, 6)) is None
    assert residual_parts(timm.create_model("tf_efficientnet_lite0").blocks[1][0]) is None
    assert isinstance(insert_shift(nn.Conv2d(3, 3, 1), shift_div=8), PerFrame)


def test_every_second_block_shifts():
    stage = nn.Sequential(*(models.resnet.BasicBlock(8, 8) for _ in range(5)))
    blocks = insert_shift(stage, shift_div=8, every=2)
    assert [isinstance(block, ShiftedResidual) for block in blocks] == [True, False, True, False, True]  # type: ignore[attr-defined]
