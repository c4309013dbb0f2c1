"""SlowFast networks: weights, both pathways and their costs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.video_encoders import Mmaction2SlowFast


def test_101_layers_have_the_published_cost():
    encoder = build_on_meta(partial(Mmaction2SlowFast, backbone="slowfast_r101_8x8"))
    valid = torch.empty(1, 32, dtype=torch.bool, device="meta")
    macs = count_macs(encoder, torch.empty(1, 3, 32, 224, 224, device="meta"), valid)
    assert count_parameters(encoder) == 61_990_312
    assert macs[TOTAL] / 1e9 == pytest.approx(96.710, abs=1e-3)


@pytest.mark.parametrize(("backbone", "slow_times"), [("slowfast_r50_4x16", 4), ("slowfast_r50_8x8", 8)])
def test_pathways_have_the_published_shapes(backbone: str, slow_times: int):
    encoder = build_on_meta(partial(Mmaction2SlowFast, backbone=backbone))
    valid = torch.empty(1, 32, dtype=torch.bool, device="meta")
    output = encoder(torch.empty(1, 3, 32, 224, 224, device="meta"), valid)
    assert output.taps["slow"].shape == (1, 2048, slow_times, 7, 7)
    assert output.taps["fast"].shape == (1, 256, 32, 7, 7)
    assert output.map.shape == (1, 2304, slow_times, 7, 7)


def test_mean_of_map_joins_means_of_pathways(tmp_path: Path):
    torch.manual_seed(0)
    source = Mmaction2SlowFast(backbone="slowfast_r50_4x16")
    for module in source.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
    state = {f"backbone.{key}": value for key, value in source.network.state_dict().items()}
    torch.save({"state_dict": state}, tmp_path / "slowfast.pth")
    encoder = Mmaction2SlowFast(backbone="slowfast_r50_4x16", weights=tmp_path / "slowfast.pth").eval()
    clip = torch.randn(1, 3, 16, 32, 32)
    with torch.no_grad():
        output = encoder(clip, torch.ones(1, 16, dtype=torch.bool))
        slow, fast = source.network.eval()(clip)
    assert torch.equal(output.taps["slow"], slow)
    means = torch.cat((slow.mean((2, 3, 4)), fast.mean((2, 3, 4))), 1)
    torch.testing.assert_close(output.map.mean((2, 3, 4)), means)


def test_flow_averages_both_input_kernels(tmp_path: Path):
    rgb = Mmaction2SlowFast(backbone="slowfast_r50_4x16")
    state = {f"backbone.{key}": value for key, value in rgb.network.state_dict().items()}
    torch.save({"state_dict": state}, tmp_path / "slowfast.pth")
    flow = Mmaction2SlowFast(backbone="slowfast_r50_4x16", in_channels=2, weights=tmp_path / "slowfast.pth")
    for pathway in ("slow_path", "fast_path"):
        key = f"network.{pathway}.conv1.conv.weight"
        expected = rgb.state_dict()[key].mean(1)
        torch.testing.assert_close(flow.state_dict()[key][:, 1], expected)


def test_unknown_backbone_is_refused():
    with pytest.raises(InputError, match=r"Mmaction2SlowFast.backbone must be one of slowfast_.*, got 'slowfast'"):
        Mmaction2SlowFast(backbone="slowfast")


def test_uneven_times_are_refused():
    encoder = Mmaction2SlowFast(backbone="slowfast_r50_4x16")
    with pytest.raises(InputError, match="input of Mmaction2SlowFast must have a multiple of 8 times, got 10"):
        encoder(torch.zeros(1, 3, 10, 32, 32), torch.ones(1, 10, dtype=torch.bool))
