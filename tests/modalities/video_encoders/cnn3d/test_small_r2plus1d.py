from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import SmallR2Plus1d
from triad.modalities.video_encoders.cnn3d.small_r2plus1d import TemporalConv, mid_planes


@pytest.mark.parametrize(
    ("in_planes", "out_planes", "expected"),
    [
        (64, 64, 144),  # the paper's own example: 27·64·64 / (9·64 + 3·64) = 144
        (16, 16, 32),  # 36 before rounding
        (32, 64, 112),  # 115
        (2, 4, 16),  # 7, but never below one block
    ],
)
def test_mid_planes_by_hand(in_planes: int, out_planes: int, expected: int):
    assert mid_planes(in_planes, out_planes) == expected


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last_3d])
def test_temporal_conv_equals_conv3d(stride: int, memory: torch.memory_format):
    torch.manual_seed(0)
    conv = TemporalConv(5, 7, stride=stride)
    reference = nn.Conv3d(5, 7, (3, 1, 1), (stride, 1, 1), (1, 0, 0), bias=False)
    reference.load_state_dict(conv.state_dict())
    data = torch.randn(2, 5, 9, 4, 6).contiguous(memory_format=memory).requires_grad_()
    output, expected = conv(data), reference(data)
    torch.testing.assert_close(output, expected)
    weight = torch.randn_like(expected)
    (grad,) = torch.autograd.grad((output * weight).sum(), data)
    (expected_grad,) = torch.autograd.grad((expected * weight).sum(), data)
    torch.testing.assert_close(grad, expected_grad)


def test_arguments_set_channels_and_stride():
    encoder = SmallR2Plus1d(in_channels=2, stem=8, widths=(8, 24), depths=(2, 1), temporal_strides=(2, 2))
    assert (encoder.out_channels, len(encoder.layers)) == (24, 3)
    assert encoder(torch.zeros(1, 2, 8, 32, 64), torch.ones(1, 8, dtype=torch.bool)).map.shape == (1, 24, 2, 4, 8)


def test_odd_sizes_round_up():
    encoder = SmallR2Plus1d()
    assert encoder(torch.zeros(1, 3, 5, 17, 33), torch.ones(1, 5, dtype=torch.bool)).map.shape == (1, 64, 3, 2, 3)


def test_receptive_field_in_time():
    """One temporal convolution in the stem and two in the block reach three times to each side."""
    encoder = SmallR2Plus1d(widths=(16,), depths=(1,), temporal_strides=(1,)).eval()
    data, valid = torch.zeros(1, 3, 11, 16, 16), torch.ones(1, 11, dtype=torch.bool)
    changed = data.clone()
    changed[:, :, 5] = 1
    with torch.no_grad():
        difference = (encoder(changed, valid).map - encoder(data, valid).map).abs().amax((0, 1, 3, 4))
    assert (difference > 0).nonzero().flatten().tolist() == [2, 3, 4, 5, 6, 7, 8]


def test_lists_of_other_length_are_refused():
    with pytest.raises(InputError, match="have one entry per stage, got 2, 3 and 3 entries"):
        SmallR2Plus1d(widths=(16, 32))


def test_half_of_stem_ignores_still_scenes():
    torch.manual_seed(0)
    temporal = next(module for module in SmallR2Plus1d().layers[0] if isinstance(module, TemporalConv))
    scene = torch.randn(1, 16, 1, 6, 6).expand(-1, -1, 5, -1, -1)
    response = temporal(scene)[:, :, 1:-1].abs().amax((0, 2, 3, 4))  # without the ends, where padding looks like motion
    assert response[1::2].max() < 1e-5
    assert response[::2].min() > 0.1
