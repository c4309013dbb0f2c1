"""MFNet: fibers, units and the names of the authors' weights."""

from __future__ import annotations

import torch

from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import MfNet
from triad.modalities.video_encoders.cnn3d.mfnet import MultiFiberUnit


def test_unit_is_identity_with_closed_branch():
    unit = MultiFiberUnit(32, 32, stride=None).eval()
    torch.nn.init.zeros_(unit.conv_m2.conv.weight)
    data = torch.randn(1, 32, 2, 4, 4)
    torch.testing.assert_close(unit(data), data)


def test_fibers_meet_in_multiplexer_only():
    unit = MultiFiberUnit(64, 64, stride=None).eval()
    torch.nn.init.zeros_(unit.conv_i2.conv.weight)  # without the multiplexer each fiber sees its own four channels
    data = torch.randn(1, 64, 2, 4, 4)
    other = data.clone()
    other[:, :4] += 1
    changed = (unit(other) - data - unit(data) + data).abs().amax((0, 2, 3, 4)) > 1e-6
    assert changed.nonzero().flatten().tolist() == [0, 1, 2, 3]


def test_published_sizes():
    encoder = MfNet()
    assert count_parameters(encoder) + 769 * 200 == 7_842_568  # 7.84 million
    assert round((count_parameters(encoder) + 769 * 400) / 1e6, 1) == 8.0


def test_keys_are_the_authors():
    keys = MfNet().state_dict()
    assert {"conv1.conv.weight", "conv2.B01.conv_w1.bn.weight", "conv4.B06.conv_m2.conv.weight", "tail.bn.bias"} <= set(
        keys
    )
    assert keys["conv4.B06.conv_m1.conv.weight"].shape == (384, 24, 3, 3, 3)
