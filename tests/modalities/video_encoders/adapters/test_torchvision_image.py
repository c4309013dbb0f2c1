from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torchvision import models

from triad.modalities.checks import InputError
from triad.modalities.encoder import EncoderOutput
from triad.modalities.video_encoders import TorchvisionImage
from triad.modalities.video_encoders.adapters.torchvision_image import ViTTokens, build_image_network


def encode(encoder: nn.Module, data: Tensor) -> EncoderOutput:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool))


def save(network: nn.Module, folder: Path) -> Path:
    path = folder / "published.pth"
    torch.save(network.state_dict(), path)
    return path


@pytest.mark.parametrize(
    ("name", "classify"),
    [
        ("alexnet", lambda network, maps: network.classifier(network.avgpool(maps).flatten(1))),
        ("resnet18", lambda network, maps: network.fc(maps.mean((2, 3)))),
        ("mobilenet_v2", lambda network, maps: network.classifier(maps.mean((2, 3)))),
        ("shufflenet_v2_x0_5", lambda network, maps: network.fc(maps.mean((2, 3)))),
        ("swin_t", lambda network, maps: network.head(maps.mean((2, 3)))),
    ],
)
def test_published_weights_give_torchvisions_logits(name: str, classify, tmp_path: Path):
    torch.manual_seed(0)
    network = build_image_network(name, in_channels=3, weights=None).eval()
    encoder = TorchvisionImage(network=name, weights=save(network, tmp_path))
    data = torch.randn(2, 3, 2, 64, 64)
    maps = encode(encoder, data).map
    with torch.no_grad():
        for time in range(2):
            torch.testing.assert_close(classify(network, maps[:, :, time]), network(data[:, :, time]))


def test_googlenet_reads_the_scale_of_tensorflow(tmp_path: Path):
    """Published weights come with auxiliary classifiers and expect values between -1 and 1."""
    torch.manual_seed(0)
    network = models.googlenet(aux_logits=True, init_weights=False, transform_input=True).eval()
    encoder = TorchvisionImage(network="googlenet", weights=save(network, tmp_path))
    frames = torch.randn(2, 3, 64, 64)
    maps = encode(encoder, frames[:, :, None]).map[:, :, 0]
    with torch.no_grad():
        torch.testing.assert_close(network.fc(maps.mean((2, 3))), network(frames))


def test_class_tokens_are_averaged_over_times(tmp_path: Path):
    torch.manual_seed(0)
    network = models.vit_b_32().eval()
    nn.init.normal_(network.heads.head.weight)
    encoder = TorchvisionImage(network="vit_b_32", weights=save(network, tmp_path))
    data = torch.randn(1, 3, 2, 224, 224)
    output = encode(encoder, data)
    assert output.map.shape == (1, 2, 49, 768)
    with torch.no_grad():
        expected = torch.stack([network(data[:, :, time]) for time in range(2)]).mean(0)
        torch.testing.assert_close(network.heads(output.pooled), expected, rtol=1e-4, atol=1e-4)


def test_positions_of_another_size_are_interpolated():
    network = models.VisionTransformer(64, 16, 1, 2, 8, 16)  # grid of 4 × 4, rows of y
    tokens = ViTTokens(network)
    with torch.no_grad():
        network.encoder.pos_embedding.zero_()
        network.encoder.pos_embedding[0, 1:, 0] = torch.arange(16.0) // 4
    assert torch.equal(tokens.positions((4, 4)), network.encoder.pos_embedding)
    rows = tokens.positions((8, 2))[0, 1:, 0].unflatten(0, (8, 2))
    assert rows.shape == (8, 2)
    torch.testing.assert_close(rows[:, 0], rows[:, 1])
    assert (rows[1:, 0] > rows[:-1, 0]).all()


@pytest.mark.parametrize("in_channels", [2, 20])
def test_flow_kernels_are_averaged(in_channels: int, tmp_path: Path):
    """With averaged kernels, a stack of fields has the map of a grey image of its sum over three."""
    torch.manual_seed(0)
    path = save(models.resnet18(), tmp_path)
    flow = torch.randn(1, in_channels, 2, 32, 32)
    grey = (flow.sum(1, keepdim=True) / 3).expand(-1, 3, -1, -1, -1)
    encoder = TorchvisionImage(network="resnet18", in_channels=in_channels, weights=path)
    expected = encode(TorchvisionImage(network="resnet18", weights=path), grey).map
    torch.testing.assert_close(encode(encoder, flow).map, expected, rtol=1e-3, atol=1e-4)


def test_unknown_network_names_the_nearest():
    with pytest.raises(InputError, match=r"TorchvisionImage.network .* got 'resnet-18' \(did you mean 'resnet18'\?\)"):
        TorchvisionImage(network="resnet-18")
