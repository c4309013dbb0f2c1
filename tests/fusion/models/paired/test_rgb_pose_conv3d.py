"""RGBPose-Conv3D: published size, late fusion as its merged start, and equality with mmaction2's."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from paired_streams import build_paired, make_paired_batch
from published_networks import randomize
from tiny_recognizer import compute_losses
from torch import Tensor, nn

from triad.fusion.models import Recognizer, RgbPoseConv3d, StreamInput, encode_pair
from triad.fusion.models.feature_shapes import step_shapes
from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import RgbPosePathway

SIZES = {"rgb": (2, 32), "pose": (8, 8)}
PAIRED = {"type": RgbPoseConv3d, "rgb": "rgb", "pose": "pose"}
BOTH = {"rgb": [True, True], "pose": [True, True]}
MAPS = {
    "rgb": [(64, 8, 56, 56), (256, 8, 56, 56), (512, 8, 28, 28), (1024, 8, 14, 14), (2048, 8, 7, 7)],
    "pose": [(32, 32, 56, 56), (128, 32, 28, 28), (256, 32, 14, 14), (512, 32, 7, 7)],
}


def build(weights: Path | None = None, **files: Path) -> Recognizer:
    encoders = {name: {"type": RgbPosePathway, "pathway": name, "weights": files.get(name)} for name in SIZES}
    return build_paired(encoders, SIZES, paired={**PAIRED, "weights": weights})


def logits_of(model: Recognizer, present: dict[str, list[bool]] = BOTH) -> dict[str, Tensor]:
    with torch.no_grad():
        return model.eval()(**model.data_preprocessor(make_paired_batch(SIZES, present), False))


class Published(nn.Module):
    """The joint network at its published input, with the classifiers of 60 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoders = nn.ModuleDict(
            {
                "rgb": RgbPosePathway(pathway="rgb", in_channels=3),
                "pose": RgbPosePathway(pathway="pose", in_channels=17),
            }
        )
        self.paired = RgbPoseConv3d(step_shapes=MAPS, rgb="rgb", pose="pose")
        self.heads = nn.ModuleDict({"rgb": nn.Linear(2048, 60), "pose": nn.Linear(512, 60)})

    def forward(self, rgb: Tensor, pose: Tensor) -> dict[str, Tensor]:
        rows = torch.arange(len(rgb))
        inputs = {"rgb": StreamInput(rows, rgb, rgb), "pose": StreamInput(rows, pose, pose)}
        outputs = encode_pair(self.paired, dict(self.encoders.items()), inputs)
        return {name: self.heads[name](output.map.mean((2, 3, 4))) for name, output in outputs.items()}


def test_size_is_published():
    network = build_on_meta(Published)
    assert count_parameters(network.encoders, network.paired) == 35_994_208
    assert count_parameters(network) == 36_147_928
    with torch.device("meta"):
        macs = count_macs(network, torch.empty(1, 3, 8, 224, 224), torch.empty(1, 17, 32, 56, 56))
    assert macs[TOTAL] / 1e9 == pytest.approx(58.005, rel=1e-3)


@pytest.mark.parametrize(("pathway", "parameters", "channels"), [("rgb", 31_757_436, 2048), ("pose", 2_024_860, 512)])
def test_networks_alone_have_published_size(pathway: str, parameters: int, channels: int):
    in_channels = 3 if pathway == "rgb" else 17
    network = build_on_meta(partial(RgbPosePathway, pathway=pathway, in_channels=in_channels, lateral=False))
    assert count_parameters(network, nn.Linear(channels, 60)) == parameters


def test_maps_have_published_shapes():
    class Blank(nn.Module):
        def __init__(self, data: Tensor) -> None:
            super().__init__()
            self.data = data

        def forward(self, entry: object, view: object) -> tuple[Tensor, Tensor]:
            return self.data, self.data

    model = build()
    for name, data in (("rgb", torch.zeros(1, 3, 8, 224, 224)), ("pose", torch.zeros(1, 3, 32, 56, 56))):
        stream = {"reader": {"type": "triad.RgbReader", "frame_size": (8, 8)}, "num_frames": 2}
        assert step_shapes(model.encoders[name], stream, Blank(data)) == MAPS[name]


def test_merged_start_is_late_fusion(tmp_path: Path):
    """Networks that were trained alone, merged: the answers of late fusion, to the last bit."""
    files = {}
    encoders = {name: {"type": RgbPosePathway, "pathway": name, "lateral": False} for name in SIZES}
    alone = build_paired(encoders, SIZES)
    for name in SIZES:
        randomize(alone.encoders[name])
        files[name] = tmp_path / f"{name}.pth"
        torch.save(alone.encoders[name].state_dict(), files[name])
    merged = build(**files)
    merged.heads.load_state_dict(alone.heads.state_dict())
    first, second = logits_of(merged), logits_of(alone)
    assert all(torch.equal(first[name], second[name]) for name in SIZES)


def test_start_from_recognizers_is_late_fusion(tmp_path: Path):
    encoders = {name: {"type": RgbPosePathway, "pathway": name, "lateral": False} for name in SIZES}
    alone = build_paired(encoders, SIZES)
    torch.save({"state_dict": alone.state_dict()}, tmp_path / "alone.pth")
    merged = build()
    for name in SIZES:
        report = merged.load_stream(name, tmp_path / "alone.pth")
        assert set(report.reshaped.values()) == {"zero for lateral connections"}
        assert len(report.reshaped) == 4  # two stages, a convolution and a shortcut each
    merged.heads.load_state_dict(alone.heads.state_dict())  # as a training does, by the names of its classes
    torch.testing.assert_close(logits_of(merged), logits_of(alone), atol=0, rtol=0)


def test_laterals_change_both_streams():
    model = build()
    both = logits_of(model)
    of_some = logits_of(model, {"rgb": [True, True], "pose": [True, False]})
    torch.testing.assert_close(both["rgb"][0], of_some["rgb"][0])
    assert not torch.allclose(both["rgb"][1], of_some["rgb"][1])
    only = logits_of(model, {"rgb": [False, False], "pose": [True, False]})
    assert not torch.allclose(both["pose"][0], only["pose"][0])


def test_every_parameter_gets_a_gradient():
    model = build().train()
    sum(compute_losses(model, make_paired_batch(SIZES, {**BOTH, "pose": [True, True]})).values()).backward()
    assert all(parameter.grad.any() for parameter in model.parameters())


def test_mmaction2_gives_the_same(tmp_path: Path):
    import_mmaction()
    from mmaction.models.backbones import RGBPoseConv3D
    from mmengine.registry import DefaultScope

    with DefaultScope.overwrite_default_scope("mmaction"):
        network = RGBPoseConv3D(pretrained=None)
    network.pose_path.conv1.conv = nn.Conv3d(3, 32, (1, 7, 7), padding=(0, 3, 3), bias=False)
    torch.manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.1)
            nn.init.normal_(module.running_mean, std=0.1)
    network.eval()
    file = tmp_path / "rgbpose_conv3d.pth"
    state = {f"backbone.{key}": value for key, value in network.state_dict().items()}
    head = {"cls_head.fc_rgb.weight": torch.zeros(2, 2048), "cls_head.fc_pose.weight": torch.zeros(2, 512)}
    torch.save({"state_dict": state | head}, file)
    model = build(file, rgb=file, pose=file).eval()
    batch = model.data_preprocessor(make_paired_batch(SIZES, BOTH), False)["batch"]
    with torch.no_grad():
        expected = network(batch["rgb"]["data"], batch["pose"]["data"])
        features = model.encode(batch)[0]
    for name, one in zip(SIZES, expected, strict=True):
        assert one.std() > 0.01
        torch.testing.assert_close(features[name].map, one, atol=1e-5 * one.abs().max().item(), rtol=1e-4)


def test_other_networks_are_refused():
    with pytest.raises(InputError, match=r"must have maps of 512 and 128 channels with 4 times .*, got \(512, 8, 28"):
        RgbPoseConv3d(step_shapes={**MAPS, "pose": MAPS["rgb"]}, rgb="rgb", pose="pose")
