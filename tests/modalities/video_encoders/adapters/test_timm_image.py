from __future__ import annotations

import sys
from pathlib import Path

import pytest
import timm
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.encoder import EncoderOutput
from triad.modalities.video_encoders import TimmImage


def encode(encoder: nn.Module, data: Tensor) -> EncoderOutput:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool))


def published(name: str, folder: Path, **options) -> tuple[nn.Module, Path]:
    """A network of timm with random weights and their file."""
    torch.manual_seed(0)
    network = timm.create_model(name, pretrained=False, **options).eval()
    path = folder / "published.pth"
    torch.save(network.state_dict(), path)
    return network, path


@pytest.mark.parametrize("name", ["resnet18", "tf_efficientnet_lite0", "swin_tiny_patch4_window7_224", "resmlp_12_224"])
def test_networks_that_take_a_mean_give_maps(name: str, tmp_path: Path):
    network, path = published(name, tmp_path)
    encoder = TimmImage(network=name, weights=path)
    data = torch.randn(1, 3, 2, 224, 224)
    output = encode(encoder, data)
    assert output.pooled is None
    vectors = output.map.mean((3, 4)).transpose(1, 2) if encoder.output_axes == "BCTHW" else output.map.mean(2)
    with torch.no_grad():
        logits = network.get_classifier()(vectors[0])
        torch.testing.assert_close(logits, network(data[0].transpose(0, 1)), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "name", ["vit_tiny_patch16_224", "convnext_atto", "mobilenetv3_small_050", "deit_tiny_distilled_patch16_224"]
)
def test_networks_that_pool_keep_their_way(name: str, tmp_path: Path):
    network, path = published(name, tmp_path)
    data = torch.randn(1, 3, 2, 224, 224)
    encoder = TimmImage(network=name, weights=path)
    pooled = encode(encoder, data).pooled
    assert pooled is not None
    assert pooled.shape == (1, encoder.pooled_channels)
    with torch.no_grad():
        frames = network.forward_features(data[0].transpose(0, 1))
        expected = network.forward_head(frames, pre_logits=True).mean(0, keepdim=True)
    torch.testing.assert_close(pooled, expected, rtol=1e-4, atol=1e-4)


def test_class_token_is_not_in_the_map(tmp_path: Path):
    network, path = published("vit_tiny_patch16_224", tmp_path, img_size=(32, 48))
    encoder = TimmImage(network="vit_tiny_patch16_224", image_size=(32, 48), weights=path)
    data = torch.randn(1, 3, 1, 32, 48)
    output = encode(encoder, data)
    assert output.map.shape == (1, 1, 6, 192)
    with torch.no_grad():
        torch.testing.assert_close(output.map[:, 0], network.forward_features(data[:, :, 0])[:, 1:])


def test_flow_kernels_are_averaged(tmp_path: Path):
    _, path = published("resnet18", tmp_path)
    flow = torch.randn(1, 2, 1, 64, 64)
    grey = (flow.sum(1, keepdim=True) / 3).expand(-1, 3, -1, -1, -1)
    expected = encode(TimmImage(network="resnet18", weights=path), grey).map
    encoder = TimmImage(network="resnet18", in_channels=2, weights=path)
    torch.testing.assert_close(encode(encoder, flow).map, expected, rtol=1e-3, atol=1e-4)


def test_unknown_network_names_the_nearest():
    with pytest.raises(InputError, match=r"TimmImage.network must be a model of timm.*did you mean 'resnet18'"):
        TimmImage(network="resnet-18")


def test_missing_timm_names_the_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(ImportError, match="pip install timm"):
        TimmImage(network="resnet18")


def test_package_weights_need_their_network():
    with pytest.raises(InputError, match=r"TimmImage.network must be tf_efficientnet_lite0 .* got 'resnet18'"):
        TimmImage(network="resnet18", weights="efficientnet_lite0")
