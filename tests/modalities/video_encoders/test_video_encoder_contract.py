"""Every video encoder, for RGB and for flow: the contract of ``modalities.encoder``, and its published size."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import modalities.video_encoders as video_encoders
from modalities.checks import InputError
from modalities.encoder import Encoder
from modalities.registry import MODELS
from modalities.video_encoders import Mmaction2Video, SmallR2Plus1d, TorchvisionVideo


class Case(NamedTuple):
    build: partial[Encoder]
    small: tuple[int, int, int]  # T, H, W of a fast test
    map_thw: tuple[int, int, int]  # what they become
    parameters: int  # with 3 input channels, without the classifier
    input: tuple[int, int, int]  # T, H, W that the published GMACs are for
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
    "posec3d": Case(  # with 17 input channels, as published: tests/modalities/skeleton/test_posec3d.py
        partial(Mmaction2Video, backbone="posec3d"), (4, 16, 16), (2, 2, 2), 1_972_128, (48, 56, 56), 12.326
    ),
    "x3d": Case(partial(Mmaction2Video, backbone="x3d"), (4, 64, 64), (4, 2, 2), 2_089_986, (13, 160, 160), 1.961),
}

each = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def clip(case: Case, in_channels: int, batch: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    time, *place = case.small
    return torch.randn(batch, in_channels, time, *place, generator=generator), torch.ones(batch, time, dtype=torch.bool)


def test_every_encoder_has_a_case():
    classes = {getattr(video_encoders, name) for name in video_encoders.__all__} - {video_encoders.StagedVideoEncoder}
    assert {case.build.func for case in CASES.values()} == classes


@each
@pytest.mark.parametrize("in_channels", [3, 2], ids=["rgb", "flow"])
def test_contract(case: Case, in_channels: int):
    encoder = case.build(in_channels=in_channels)
    data, valid = clip(case, in_channels)
    assert isinstance(encoder, Encoder)
    assert encoder.in_channels == in_channels
    assert encoder.output_axes == "BCTHW"

    for module in encoder.modules():  # some start residual branches at zero, where nothing behind learns at first
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
    features = encoder(data, valid)["map"]
    assert features.shape == (2, encoder.out_channels, *case.map_thw)

    (features * torch.randn_like(features)).sum().backward()
    silent = [name for name, p in encoder.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert silent == []

    encoder.eval()
    with torch.no_grad():
        both = encoder(data, valid)["map"]
        torch.testing.assert_close(encoder(data, valid)["map"], both, rtol=0, atol=0)
        alone = encoder(data[:1], valid[:1])["map"]
        torch.testing.assert_close(alone, both[:1], rtol=1e-3, atol=1e-3 * both.abs().max().item())
        staged = data
        for stage in encoder.layers:
            staged = stage(staged)
        torch.testing.assert_close(staged, both, rtol=0, atol=0)


@each
def test_size_is_the_published_one(case: Case):
    with torch.device("meta"):
        encoder = case.build(in_channels=3).eval().requires_grad_(False)
        data, valid = torch.empty(1, 3, *case.input), torch.empty(1, case.input[0], dtype=torch.bool)
        with FlopCounterMode(display=False) as counter:
            encoder(data, valid)
    assert sum(parameter.numel() for parameter in encoder.parameters()) == case.parameters
    assert counter.get_total_flops() / 2e9 == pytest.approx(case.gmacs, abs=1e-3)


@each
def test_wrong_number_of_channels_is_named(case: Case):
    encoder = case.build(in_channels=2)
    data, valid = clip(case, 3)
    name = case.build.func.__name__
    with pytest.raises(InputError, match=rf"input of {name} must have shape \[B, 2, T, H, W\], got \[2, 3, "):
        encoder(data, valid)


def test_registry_builds_by_class_and_by_name():
    for type_ in (SmallR2Plus1d, "SmallR2Plus1d"):
        encoder = MODELS.build({"type": type_, "in_channels": 2})
        assert isinstance(encoder, SmallR2Plus1d)
        assert encoder.in_channels == 2


def test_unknown_network_names_the_nearest():
    with pytest.raises(
        InputError, match=r"TorchvisionVideo.network .* got 'r2plus1d' \(did you mean 'r2plus1d_18'\?\)"
    ):
        TorchvisionVideo(network="r2plus1d")
    with pytest.raises(
        InputError, match=r"Mmaction2Video.backbone must be one of posec3d, slowonly_r50, x3d, got 'x3d_m'"
    ):
        Mmaction2Video(backbone="x3d_m")
