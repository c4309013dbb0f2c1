"""Receptive fields of lectures' toy networks, of C3D and of Inception-I3D, and what they mean for shifts in time."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from triad.modalities.receptive_field import LayerField, grow_receptive_field, trace_receptive_fields
from triad.modalities.video_encoders import C3d, CnnM2048
from triad.modalities.video_encoders.layers import PerFrame


def convs_and_pool(channels: int, kind: type[nn.Conv2d] | type[nn.Conv3d]) -> nn.Sequential:
    """The toy of the lecture: 3×3 convolution to 12 channels, 4×4 pool, 3×3 convolution to 24 channels."""
    pool = nn.MaxPool2d(4) if kind is nn.Conv2d else nn.MaxPool3d(4)
    return nn.Sequential(kind(channels, 12, 3, padding=1), pool, kind(12, 24, 3, padding=1))


def shapes_and_fields(rows: list[LayerField]) -> list[tuple[tuple[int, ...], tuple[int, int, int]]]:
    return [(row.shape, row.field) for row in rows]


def test_late_fusion_sees_single_frames():
    network = PerFrame(convs_and_pool(3, nn.Conv2d))
    assert shapes_and_fields(trace_receptive_fields(network, (3, 20, 64, 64))) == [
        ((12, 64, 64), (1, 3, 3)),
        ((12, 16, 16), (1, 6, 6)),
        ((24, 16, 16), (1, 14, 14)),
    ]


def test_early_fusion_sees_all_times_at_once():
    network = convs_and_pool(60, nn.Conv2d)
    assert shapes_and_fields(trace_receptive_fields(network, (60, 64, 64), start=(20, 1, 1))) == [
        ((12, 64, 64), (20, 3, 3)),
        ((12, 16, 16), (20, 6, 6)),
        ((24, 16, 16), (20, 14, 14)),
    ]


def test_convolution_in_time_grows_slowly():
    rows = trace_receptive_fields(convs_and_pool(3, nn.Conv3d), (3, 20, 64, 64))
    assert shapes_and_fields(rows) == [
        ((12, 20, 64, 64), (3, 3, 3)),
        ((12, 5, 16, 16), (6, 6, 6)),
        ((24, 5, 16, 16), (14, 14, 14)),
    ]
    assert [row.stride for row in rows] == [(1, 1, 1), (4, 4, 4), (4, 4, 4)]


def test_last_layers_of_c3d():
    conv5b, pool5 = trace_receptive_fields(C3d(), (3, 16, 112, 112))[-2:]
    assert (conv5b.shape, conv5b.field, conv5b.stride) == ((512, 2, 7, 7), (68, 134, 134), (8, 16, 16))
    assert (pool5.shape, pool5.field[0]) == ((512, 1, 4, 4), 76)


def test_end_points_of_inception_i3d():
    """An inception block is as wide as its 3×3×3 branch."""
    stem = [((7, 7, 7), (2, 2, 2)), ((1, 3, 3), (1, 2, 2)), ((3, 3, 3), (1, 1, 1)), ((1, 3, 3), (1, 2, 2))]
    block = ((3, 3, 3), (1, 1, 1))
    parts = {
        "pool3a": stem,
        "pool4a": [block] * 2 + [((3, 3, 3), (2, 2, 2))],
        "pool5a": [block] * 5 + [((2, 2, 2), (2, 2, 2))],
        "mixed_5c": [block] * 2,
        "average": [((2, 7, 7), (1, 1, 1))],
    }
    field, stride = (1, 1, 1), (1, 1, 1)
    fields = {}
    for name, layers in parts.items():
        for kernel, step in layers:
            field, stride = grow_receptive_field(field, stride, kernel, step)
        fields[name] = field[:2]
    assert fields == {
        "pool3a": (11, 27),
        "pool4a": (23, 75),
        "pool5a": (67, 251),
        "mixed_5c": (99, 379),
        "average": (107, 571),
    }


def test_encoder_is_traced_and_left_alone():
    encoder = CnnM2048(full6_channels=8, full7_channels=8).train()
    rows = trace_receptive_fields(encoder, (3, 2, 224, 224))
    assert [row.shape[-1] for row in rows] == [109, 54, 26, 13, 13, 13, 13, 6]
    assert [row.field for row in rows[-2:]] == [(1, 139, 139), (1, 171, 171)]
    assert encoder.training
    assert not next(encoder.parameters()).is_meta


def test_dilated_convolution_is_as_wide_as_it_reaches():
    rows = trace_receptive_fields(nn.Conv3d(1, 1, (3, 1, 1), dilation=(4, 1, 1)), (1, 20, 4, 4))
    assert rows[0].field == (9, 1, 1)


def shift_by_one(data: Tensor) -> Tensor:
    """The clip one frame later: ``[B, C, T, H, W]``."""
    return torch.cat([torch.zeros_like(data[:, :, :1]), data[:, :, :-1]], dim=2)


def test_convolution_in_time_follows_a_shift():
    torch.manual_seed(0)
    conv = nn.Conv3d(3, 4, 3, padding=1, bias=False)
    data = torch.randn(1, 3, 8, 6, 6)
    data[:, :, [0, 1, -2, -1]] = 0  # nothing enters or leaves the clip
    torch.testing.assert_close(conv(shift_by_one(data)), shift_by_one(conv(data)))


def test_early_fusion_does_not_follow_a_shift():
    torch.manual_seed(0)
    conv = nn.Conv2d(3 * 8, 4, 3, padding=1, bias=False)
    data = torch.randn(1, 3, 8, 6, 6)
    data[:, :, [0, 1, -2, -1]] = 0
    before = conv(data.flatten(1, 2))
    after = conv(shift_by_one(data).flatten(1, 2))
    assert (after - before).abs().max() > 0.1 * before.abs().max()
