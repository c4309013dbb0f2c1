"""A ResNet for images, inflated into mmaction2's 3D network, tensor by tensor and on a constant video."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torchvision.models import resnet50

from triad.modalities.video_encoders import Mmaction2Video
from triad.modalities.weights import collect_reports


@pytest.fixture(scope="module")
def resnet(tmp_path_factory: pytest.TempPathFactory) -> tuple[torch.nn.Module, Path]:
    network = resnet50().eval()
    for name, value in network.named_buffers():
        if name.endswith("running_mean"):
            torch.nn.init.normal_(value, std=0.1)
    path = tmp_path_factory.mktemp("weights") / "resnet50.pth"
    torch.save(network.state_dict(), path)
    return network, path


def test_every_tensor_of_torchvision_lands(resnet: tuple[torch.nn.Module, Path]) -> None:
    with torch.device("meta"), collect_reports() as reports:
        Mmaction2Video(backbone="slowonly_r50", weights=resnet[1])
    (report,) = reports
    assert report.complete
    assert report.source == "ResNet of torchvision or timm"
    assert len(report.matched) == 53 * 5  # 53 convolutions, each with a norm of four tensors
    assert len(report.reshaped) == 53
    assert {key for key in report.left_out if not key.endswith("num_batches_tracked")} == {"fc.weight", "fc.bias"}


def test_constant_video_has_the_images_map(resnet: tuple[torch.nn.Module, Path]) -> None:
    """The nine blocks of the last two stages, whose kernels cover three times, reach nine times from either end."""
    network, path = resnet
    frame = torch.randn(1, 3, 32, 32)
    encoder = Mmaction2Video(backbone="slowonly_r50", weights=path).eval()
    with torch.no_grad():
        expected = torch.nn.Sequential(*list(network.children())[:-2])(frame)
        output = encoder(frame[:, :, None].expand(-1, -1, 19, -1, -1), torch.ones(1, 19, dtype=torch.bool)).map
    assert expected.std() > 0.01
    torch.testing.assert_close(output[:, :, 9], expected, atol=1e-4, rtol=1e-4)
