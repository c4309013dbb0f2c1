"""Files in the published formats give the published networks' own output."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import video

from modalities.checks import InputError
from modalities.openmmlab import import_mmaction
from modalities.video_encoders import Mmaction2Video, TorchvisionVideo
from modalities.video_encoders.weights import average_input_channels, load_published


def map_of(encoder: nn.Module, data: Tensor) -> Tensor:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool))["map"]


def open_branches(network: nn.Module) -> None:
    """mmaction2 starts residual branches at zero, which would hide what is in them."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.ones_(module.weight)


@pytest.fixture(scope="module")
def s3d(tmp_path_factory: pytest.TempPathFactory) -> tuple[video.S3D, Path]:
    network = video.s3d().eval()
    path = tmp_path_factory.mktemp("weights") / "s3d.pth"
    torch.save(network.state_dict(), path)
    return network, path


def test_s3d_file_gives_torchvisions_map(s3d: tuple[video.S3D, Path]):
    network, path = s3d
    data = torch.randn(1, 3, 16, 64, 64)
    with torch.no_grad():
        expected = network.features(data)
    torch.testing.assert_close(map_of(TorchvisionVideo(network="s3d", weights=path), data), expected)


def test_s3d_for_flow_answers_as_to_grey(s3d: tuple[video.S3D, Path]):
    """With averaged kernels, flow (u, v) meets what a grey picture of brightness (u + v) / 3 meets in RGB."""
    network, path = s3d
    flow = torch.randn(1, 2, 16, 64, 64)
    grey = (flow.sum(1, keepdim=True) / 3).expand(-1, 3, -1, -1, -1)
    with torch.no_grad():
        expected = network.features(grey)
    encoder = TorchvisionVideo(network="s3d", in_channels=2, weights=path)
    torch.testing.assert_close(map_of(encoder, flow), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["r2plus1d_18", "r3d_18", "mc3_18"])
def test_resnet_stages_are_the_whole_network(name: str):
    torch.manual_seed(0)
    network = getattr(video, name)().eval()
    torch.manual_seed(0)
    encoder = TorchvisionVideo(network=name)
    data = torch.randn(1, 3, 8, 32, 32)
    with torch.no_grad():
        expected = network(data)
        found = network.fc(map_of(encoder, data).mean((2, 3, 4)))
    torch.testing.assert_close(found, expected)


def test_mmaction2_file_gives_the_backbones_map(tmp_path: Path):
    backbone = import_mmaction().models.X3D(gamma_w=1, gamma_b=2.25, gamma_d=2.2)
    open_branches(backbone)
    backbone.eval()
    state = {f"backbone.{key}": value for key, value in backbone.state_dict().items()}
    torch.save({"state_dict": {**state, "cls_head.fc1.weight": torch.ones(1)}, "meta": {}}, tmp_path / "x3d.pth")
    data = torch.randn(1, 3, 4, 64, 64)
    with torch.no_grad():
        expected = backbone(data)
    torch.testing.assert_close(map_of(Mmaction2Video(backbone="x3d", weights=tmp_path / "x3d.pth"), data), expected)


def test_slowonly_stages_are_the_whole_backbone():
    torch.manual_seed(0)
    backbone = import_mmaction().models.ResNet3dSlowOnly(depth=50)
    backbone.init_weights()
    backbone.eval()
    torch.manual_seed(0)
    encoder = Mmaction2Video(backbone="slowonly_r50")
    open_branches(backbone)
    open_branches(encoder)
    data = torch.randn(1, 3, 2, 64, 64)
    with torch.no_grad():
        expected = backbone(data)
    torch.testing.assert_close(map_of(encoder, data), expected)


@pytest.mark.parametrize("scope", ["mmengine", "triad", "mmpose"])
def test_mmaction2_builds_under_any_default_scope(scope: str):
    from mmengine.registry import DefaultScope

    with DefaultScope.overwrite_default_scope(scope):
        assert Mmaction2Video(backbone="x3d").out_channels == 432
        assert DefaultScope.get_current_instance().scope_name == scope


def test_average_input_channels():
    kernel = torch.tensor([[1.0, 2.0, 6.0], [0.0, 3.0, 0.0]])[..., None, None, None]  # [O, I, 1, 1, 1]
    assert average_input_channels(kernel, 2).flatten(1).tolist() == [[3.0, 3.0], [1.0, 1.0]]


class TestRefusedFiles:
    network = nn.Sequential(nn.Conv3d(3, 4, 1, bias=False), nn.BatchNorm3d(4))

    def load(self, path: Path) -> None:
        load_published(self.network, path, input_kernel="0.weight", classifier=("fc.",))

    def test_missing(self, tmp_path: Path):
        with pytest.raises(InputError, match=r"weights file must be a file, got '.*none.pth', which does not exist"):
            self.load(tmp_path / "none.pth")

    def test_code_inside(self, tmp_path: Path):
        torch.save({"state_dict": {}, "hub": Path("anything")}, tmp_path / "code.pth")
        with pytest.raises(InputError, match=r"code.pth' must load with weights_only=True.*re-save its weights alone"):
            self.load(tmp_path / "code.pth")

    def test_missing_key(self, tmp_path: Path):
        state = self.network.state_dict()
        del state["1.bias"]
        torch.save(state, tmp_path / "short.pth")
        with pytest.raises(
            InputError, match=r"'1.bias' of weights file '.*short.pth' must have shape \[4\], got nothing"
        ):
            self.load(tmp_path / "short.pth")

    def test_unexpected_key(self, tmp_path: Path):
        torch.save(
            {**self.network.state_dict(), "2.weight": torch.ones(1), "fc.bias": torch.ones(9)}, tmp_path / "a.pth"
        )
        with pytest.raises(InputError, match=r"'2.weight' of weights file .* must be absent, got \[1\]"):
            self.load(tmp_path / "a.pth")

    def test_wrong_shape(self, tmp_path: Path):
        torch.save({**self.network.state_dict(), "1.weight": torch.ones(5)}, tmp_path / "b.pth")
        with pytest.raises(InputError, match=r"'1.weight' of weights file .* must have shape \[4\], got \[5\]"):
            self.load(tmp_path / "b.pth")

    def test_no_state_dict(self, tmp_path: Path):
        torch.save([1, 2], tmp_path / "list.pth")
        with pytest.raises(InputError, match="must hold a state dict, got list"):
            self.load(tmp_path / "list.pth")
