from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import video

from triad.modalities.checks import InputError
from triad.modalities.video_encoders import TorchvisionVideo


def compute_map(encoder: nn.Module, data: Tensor) -> Tensor:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool)).map


@pytest.fixture(scope="module")
def s3d(tmp_path_factory: pytest.TempPathFactory) -> tuple[video.S3D, Path]:
    network = video.s3d().eval()
    path = tmp_path_factory.mktemp("weights") / "s3d.pth"
    torch.save(network.state_dict(), path)
    return network, path


def test_s3d_weights_give_torchvisions_map(s3d: tuple[video.S3D, Path]):
    network, path = s3d
    data = torch.randn(1, 3, 16, 64, 64)
    with torch.no_grad():
        expected = network.features(data)
    torch.testing.assert_close(compute_map(TorchvisionVideo(network="s3d", weights=path), data), expected)


def test_flow_kernels_are_averaged(s3d: tuple[video.S3D, Path]):
    """With averaged kernels, flow (u, v) has the map of a grey video of brightness (u + v) / 3."""
    network, path = s3d
    flow = torch.randn(1, 2, 16, 64, 64)
    grey = (flow.sum(1, keepdim=True) / 3).expand(-1, 3, -1, -1, -1)
    with torch.no_grad():
        expected = network.features(grey)
    encoder = TorchvisionVideo(network="s3d", in_channels=2, weights=path)
    torch.testing.assert_close(compute_map(encoder, flow), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["r2plus1d_18", "r3d_18", "mc3_18"])
def test_resnet_stages_equal_the_network(name: str):
    torch.manual_seed(0)
    network = getattr(video, name)().eval()
    torch.manual_seed(0)
    encoder = TorchvisionVideo(network=name)
    data = torch.randn(1, 3, 8, 32, 32)
    with torch.no_grad():
        expected = network(data)
        logits = network.fc(compute_map(encoder, data).mean((2, 3, 4)))
    torch.testing.assert_close(logits, expected)


def test_unknown_network_names_the_nearest():
    with pytest.raises(
        InputError, match=r"TorchvisionVideo.network .* got 'r2plus1d' \(did you mean 'r2plus1d_18'\?\)"
    ):
        TorchvisionVideo(network="r2plus1d")
