"""ResNet over frames and over space and time: sizes, equality with torchvision and mmaction2, places of attention."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torchvision import models

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.video_encoders import Mmaction2Video, ResNet3d, TorchvisionImage
from triad.modalities.video_encoders.layers import Cbam, NonLocal, SqueezeExcitation
from triad.modalities.weights import collect_reports, load_tensors

I3D: dict[str, Any] = {
    "temporal_kernels": {"conv1": 5, "layer1": 3, "layer2": (3, 1), "layer3": (3, 1), "layer4": (1, 3)},
    "temporal_strides": {"conv1": 2, "maxpool": 2, "pool2": 2},
}
SLOWONLY: dict[str, Any] = {"temporal_kernels": {"layer3": 3, "layer4": 3}}


def non_local(mode: str) -> dict[str, Any]:
    """Five blocks as in the paper: after every second residual block of two stages."""
    block = {"type": NonLocal, "mode": mode}
    attention = {"layer2": block, "layer3": block}
    return {"attention": attention, "attention_after": {"layer2": (1, 3), "layer3": (1, 3, 5)}}


def in_all_stages(block: type[nn.Module]) -> dict[str, Any]:
    return {f"layer{stage}": {"type": block} for stage in (1, 2, 3, 4)}


@pytest.mark.parametrize("depth", [18, 34, 50, 101])
def test_tensors_are_those_of_torchvision(depth: int) -> None:
    with torch.device("meta"):
        expected = models.get_model(f"resnet{depth}").state_dict()
        ours = ResNet3d(depth=depth).state_dict()
    shapes = {key: tuple(value.squeeze(2).shape if value.ndim == 5 else value.shape) for key, value in ours.items()}
    assert shapes == {key: tuple(value.shape) for key, value in expected.items() if not key.startswith("fc.")}


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ({}, 25_557_032 - 2049 * 1000),
        (I3D, 27_223_872),
        (SLOWONLY, 31_634_496),
        (I3D | non_local("dot_product"), 34_578_240),
        (I3D | non_local("embedded_gaussian"), 34_578_240),
        (I3D | non_local("gaussian"), 30_904_128),
        ({"attention": in_all_stages(SqueezeExcitation)}, 28_088_024 - 2049 * 1000),
    ],
    ids=["2d", "i3d", "slowonly", "dot_product", "embedded_gaussian", "gaussian", "se"],
)
def test_parameters_are_published(options: dict[str, Any], parameters: int) -> None:
    assert count_parameters(build_on_meta(partial(ResNet3d, **options))) == parameters


def test_frames_equal_torchvision(tmp_path: Path) -> None:
    path = tmp_path / "resnet18.pth"
    torch.save(models.resnet18().state_dict(), path)
    data, valid = torch.randn(2, 3, 3, 64, 64), torch.ones(2, 3, dtype=torch.bool)
    ours = ResNet3d(depth=18, weights=path).eval()
    reference = TorchvisionImage(network="resnet18", weights=path).eval()
    with torch.no_grad():
        torch.testing.assert_close(ours(data, valid).map, reference(data, valid).map)


def test_constant_video_equals_frame_inside(tmp_path: Path) -> None:
    """The four kernels of the last stage, of three times each, reach four times from either end."""
    path = tmp_path / "resnet18.pth"
    torch.save(models.resnet18().state_dict(), path)
    attention = {"layer3": {"type": NonLocal}, "layer4": {"type": NonLocal}}  # the identity at first
    inflated = ResNet3d(depth=18, temporal_kernels={"layer4": 3}, attention=attention, weights=path).eval()
    frame = torch.randn(1, 3, 1, 64, 64)
    valid = torch.ones(1, 9, dtype=torch.bool)
    with torch.no_grad():
        expected = ResNet3d(depth=18, weights=path).eval()(frame, valid[:, :1]).map[:, :, 0]
        output = inflated(frame.expand(-1, -1, 9, -1, -1), valid).map
    torch.testing.assert_close(output[:, :, 4], expected, atol=1e-4, rtol=1e-4)
    assert (output[:, :, 0] - expected).abs().max() > 0.01


def test_report_says_what_was_inflated(tmp_path: Path) -> None:
    path = tmp_path / "resnet50.pth"
    torch.save(models.resnet50().state_dict(), path)
    with torch.device("meta"), collect_reports() as reports:
        ResNet3d(in_channels=2, **I3D, **non_local("gaussian"), weights=path)
    (report,) = reports
    assert report.complete
    assert len(report.matched) == 53 * 5
    assert report.reshaped["conv1.weight"] == "inflated over time and averaged over input channels"
    assert {key for key in report.left_out if not key.endswith("num_batches_tracked")} == {"fc.weight", "fc.bias"}


@pytest.mark.parametrize(
    ("backbone", "options"),
    [
        ("slowonly_r50", SLOWONLY),
        ("i3d_r50_nl_dot_product", I3D | non_local("dot_product")),
        ("i3d_r50_nl_embedded_gaussian", I3D | non_local("embedded_gaussian")),
        ("i3d_r50_nl_gaussian", I3D | non_local("gaussian")),
    ],
)
def test_equals_mmaction2(backbone: str, options: dict[str, Any]) -> None:
    reference = Mmaction2Video(backbone=backbone).eval()
    for module in reference.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.2, 0.4)
    stages = {("conv1", ""): "layers.0.0."} | {
        (f"layer{stage}", f"layer{stage}."): f"layers.{stage}.0." for stage in (1, 2, 3, 4)
    }
    published = {
        f"backbone.{ours}{key.removeprefix(prefix)}": value
        for key, value in reference.state_dict().items()
        for (_, ours), prefix in stages.items()
        if key.startswith(prefix)
    }
    published = {
        key.replace("backbone.conv", "backbone.conv1.conv").replace("backbone.bn", "backbone.conv1.bn"): value
        for key, value in published.items()
    }
    ours = ResNet3d(**options).eval()
    report = load_tensors(ours, published)
    assert report.complete
    assert report.source == "ResNet3d of mmaction2"
    data, valid = torch.randn(1, 3, 8, 64, 64), torch.ones(1, 8, dtype=torch.bool)
    with torch.no_grad():
        expected = reference(data, valid).map
        torch.testing.assert_close(ours(data, valid).map, expected, rtol=1e-3, atol=1e-4 * expected.abs().max().item())


def test_attention_stands_where_config_says() -> None:
    attention = {"layer2": {"type": "Cbam"}, "layer3": {"type": NonLocal}}
    network = ResNet3d(depth=18, attention=attention, attention_after={"layer3": [1]})
    blocks = {name: type(module) for name, module in network.named_modules() if name.endswith("attention")}
    assert blocks == {"layer2.0.attention": Cbam, "layer2.1.attention": Cbam, "layer3.1.attention": NonLocal}
    taps = network(torch.randn(2, 3, 2, 64, 64), torch.ones(2, 2, dtype=torch.bool)).taps
    shapes = {name: tuple(value.shape[1:]) for name, value in taps.items() if "." in name}
    assert shapes == {
        "layer2.0.channels": (128, 2),
        "layer2.0.places": (2, 8, 8),
        "layer2.1.channels": (128, 2),
        "layer2.1.places": (2, 8, 8),
        "layer3.1.read": (2, 2, 2),
    }
    assert tuple(taps["layer4"].shape) == (2, 512, 2, 2, 2)


def test_scaling_attention_stands_before_the_sum() -> None:
    """A sigmoid of -∞ leaves the shortcut alone."""
    block = ResNet3d(depth=18, attention={"layer1": {"type": SqueezeExcitation}}).layer1[1].eval()
    nn.init.constant_(block.attention.fc2.bias, -1e4)
    data = torch.rand(1, 64, 2, 4, 4)
    torch.testing.assert_close(block(data).map, data)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depth": 20}, r"ResNet3d.depth must be one of 18, 34, 50, 101, got 20"),
        (
            {"attention": {"layer5": {"type": Cbam}}},
            r"name in ResNet3d.attention must be one of layer1, .*did you mean 'layer",
        ),
        ({"temporal_kernels": {"stem": 3}}, "name in ResNet3d.temporal_kernels must be one of"),
        (
            {"attention": {"layer1": {"type": Cbam}}, "attention_after": {"layer1": (3,)}},
            r"must be numbers from 0 to 2, got \(3,\)",
        ),
    ],
)
def test_wrong_places_are_refused(options: dict[str, Any], message: str) -> None:
    with torch.device("meta"), pytest.raises(InputError, match=message):
        ResNet3d(**options)
