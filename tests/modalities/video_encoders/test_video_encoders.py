"""Contract of every video encoder, for RGB and for flow, and its published cost."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import pytest
import torch
from torch import nn

import modalities.video_encoders as video_encoders
from modalities.checks import InputError
from modalities.cost import TOTAL, count_macs, count_parameters
from modalities.encoder import Encoder
from modalities.registry import MODELS
from modalities.video_encoders import Mmaction2Video, SmallR2Plus1d, TorchvisionVideo


class Case(NamedTuple):
    build: partial[Encoder]
    small_thw: tuple[int, int, int]  # input of a fast test
    map_thw: tuple[int, int, int]  # map of that input
    parameters: int  # with 3 input channels, without the classifier
    published_thw: tuple[int, int, int]  # input of the published GMACs
    gmacs: float


# torchvision's published counts include a 400-way classifier: (channels + 1) · 400
CASES = {
    "small": Case(partial(SmallR2Plus1d), (8, 32, 48), (4, 2, 3), 218_832, (8, 84, 112), 0.139),
    "r2plus1d_18": Case(
        partial(TorchvisionVideo, network="r2plus1d_18"),
        (8, 32, 32),
        (1, 2, 2),
        31_505_325 - 513 * 400,
        (16, 112, 112),
        40.519,
    ),
    "r3d_18": Case(
        partial(TorchvisionVideo, network="r3d_18"),
        (8, 32, 32),
        (1, 2, 2),
        33_371_472 - 513 * 400,
        (16, 112, 112),
        40.697,
    ),
    "mc3_18": Case(
        partial(TorchvisionVideo, network="mc3_18"),
        (2, 32, 32),
        (2, 2, 2),
        11_695_440 - 513 * 400,
        (16, 112, 112),
        43.343,
    ),
    "s3d": Case(
        partial(TorchvisionVideo, network="s3d"),
        (16, 64, 64),
        (2, 2, 2),
        8_320_048 - 1025 * 400,
        (16, 224, 224),
        17.979,
    ),
    "slowonly_r50": Case(
        partial(Mmaction2Video, backbone="slowonly_r50"), (2, 64, 64), (2, 2, 2), 31_634_496, (4, 224, 224), 20.870
    ),
    "posec3d": Case(  # published with 17 input channels, see test_mmaction2_video.py
        partial(Mmaction2Video, backbone="posec3d"), (4, 16, 16), (2, 2, 2), 1_972_128, (48, 56, 56), 12.326
    ),
    "x3d": Case(partial(Mmaction2Video, backbone="x3d"), (4, 64, 64), (4, 2, 2), 2_089_986, (13, 160, 160), 1.961),
}

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def make_clip(case: Case, in_channels: int, batch: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    data = torch.randn(batch, in_channels, *case.small_thw, generator=generator)
    return data, torch.ones(batch, case.small_thw[0], dtype=torch.bool)


def test_every_encoder_has_a_case():
    classes = {getattr(video_encoders, name) for name in video_encoders.__all__} - {video_encoders.StagedVideoEncoder}
    assert {case.build.func for case in CASES.values()} == classes


@every_case
@pytest.mark.parametrize("in_channels", [3, 2], ids=["rgb", "flow"])
def test_map_and_gradients(case: Case, in_channels: int):
    encoder = case.build(in_channels=in_channels)
    data, valid = make_clip(case, in_channels)
    assert isinstance(encoder, Encoder)
    assert encoder.in_channels == in_channels
    assert encoder.output_axes == "BCTHW"

    for module in encoder.modules():  # some norms start at zero, which blocks the gradient of the layers before them
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
    feature_map = encoder(data, valid).map
    assert feature_map.shape == (2, encoder.out_channels, *case.map_thw)

    (feature_map * torch.randn_like(feature_map)).sum().backward()
    without = [name for name, p in encoder.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert without == []

    encoder.eval()
    with torch.no_grad():
        expected = encoder(data, valid).map
        torch.testing.assert_close(encoder(data, valid).map, expected, rtol=0, atol=0)
        alone = encoder(data[:1], valid[:1]).map
        torch.testing.assert_close(alone, expected[:1], rtol=1e-3, atol=1e-3 * expected.abs().max().item())


@every_case
def test_cost_is_published(case: Case):
    with torch.device("meta"):
        encoder = case.build(in_channels=3)
        valid = torch.empty(1, case.published_thw[0], dtype=torch.bool)
        macs = count_macs(encoder, torch.empty(1, 3, *case.published_thw), valid)
    assert count_parameters(encoder) == case.parameters
    assert macs[TOTAL] / 1e9 == pytest.approx(case.gmacs, abs=1e-3)


@every_case
def test_other_channels_are_refused(case: Case):
    encoder = case.build(in_channels=2)
    data, valid = make_clip(case, 3)
    name = case.build.func.__name__
    with pytest.raises(InputError, match=rf"input of {name} must have shape \[B, 2, T, H, W\], got \[2, 3, "):
        encoder(data, valid)


def test_registry_builds_by_class_and_name():
    for type_ in (SmallR2Plus1d, "SmallR2Plus1d", "triad.SmallR2Plus1d"):
        encoder = MODELS.build({"type": type_, "in_channels": 2})
        assert isinstance(encoder, SmallR2Plus1d)
        assert encoder.in_channels == 2
