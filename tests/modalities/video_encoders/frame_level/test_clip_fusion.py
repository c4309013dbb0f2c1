from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.encoder import Encoder
from triad.modalities.video_encoders import EarlyFusion, LateFusion, SlowFusion

NARROW = (16, 8)


def pooled(encoder: Encoder, data: Tensor) -> Tensor:
    with torch.no_grad():
        vector = encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool)).pooled
    assert vector is not None
    return vector


def test_slow_fusion_takes_time_in_three_steps():
    encoder = SlowFusion(full_channels=NARROW)
    shapes = []
    for stage in encoder.layers:
        stage.register_forward_hook(lambda module, inputs, output: shapes.append(tuple(output.shape[2:])))
    pooled(encoder, torch.randn(1, 3, 10, 170, 170))
    assert shapes == [(4, 27, 27), (2, 14, 14), (1, 14, 14), (1, 14, 14), (1, 7, 7)]


def test_first_convolution_reads_all_frames():
    encoder = EarlyFusion(num_frames=10, full_channels=NARROW)
    first = next(module for module in encoder.modules() if isinstance(module, nn.Conv2d))
    assert first.weight.shape == (96, 30, 11, 11)


@pytest.mark.parametrize(
    "build", [EarlyFusion, partial(LateFusion, num_frames=10), SlowFusion], ids=["early", "late", "slow"]
)
def test_order_of_frames_matters(build: Callable[..., Encoder]):
    encoder = build(full_channels=NARROW)
    data = torch.randn(1, 3, 10, 64, 64)
    forward = pooled(encoder, data)
    assert forward.abs().max() > 0
    assert not torch.allclose(forward, pooled(encoder, data.flip(2)), rtol=1e-2)


def test_mean_merge_has_no_full_layers():
    encoder = LateFusion(num_frames=4, merge="mean")
    data = torch.randn(1, 3, 4, 64, 64)
    output = encoder(data, torch.ones(1, 4, dtype=torch.bool))
    assert output.pooled is None
    assert encoder.pooled_channels is None
    flipped = encoder(data.flip(2), torch.ones(1, 4, dtype=torch.bool))
    torch.testing.assert_close(flipped.map.mean(2), output.map.mean(2))


def test_wrong_clips_are_refused():
    data = torch.randn(1, 3, 8, 64, 64)
    with pytest.raises(InputError, match=r"clip of EarlyFusion must have 10 frames, got 8; set num_frames of"):
        pooled(EarlyFusion(full_channels=NARROW), data)
    with pytest.raises(InputError, match=r"clip of SlowFusion must have 10 frames or more, got 8"):
        pooled(SlowFusion(full_channels=NARROW), data)
    with pytest.raises(InputError, match=r"LateFusion.merge must be one of full, mean, got 'max'"):
        LateFusion(merge="max")
