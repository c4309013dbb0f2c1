from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.meta_device import build_on_meta
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import Mmaction2Video

POSEC3D: dict[str, Any] = {
    **dict(depth=50, in_channels=17, base_channels=32, num_stages=3, out_indices=(2,), stage_blocks=(4, 6, 3)),
    **dict(conv1_stride_s=1, pool1_stride_s=1, inflate=(0, 1, 1), spatial_strides=(2, 2, 2)),
    **dict(temporal_strides=(1, 1, 2), dilations=(1, 1, 1)),
}
I3D: dict[str, Any] = {
    **dict(depth=50, conv1_kernel=(5, 7, 7), conv1_stride_t=2, pool1_stride_t=2),
    **dict(inflate=((1, 1, 1), (1, 0, 1, 0), (1, 0, 1, 0, 1, 0), (0, 1, 0))),
}
NON_LOCAL: dict[str, Any] = {
    **dict(non_local=((0, 0, 0), (0, 1, 0, 1), (0, 1, 0, 1, 0, 1), (0, 0, 0))),
    **dict(non_local_cfg=dict(sub_sample=True, use_scale=False, norm_cfg=dict(type="BN3d"), mode="gaussian")),
}
CSN: dict[str, Any] = dict(depth=50, pretrained=None, pretrained2d=False, with_pool2=False, bottleneck_mode="ir")


def compute_map(encoder: nn.Module, data: Tensor) -> Tensor:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool)).map


def randomise_norms(network: nn.Module) -> None:
    """mmaction2 initialises the last norm of residual branches to zero, which would hide a mix-up in them."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.running_mean, std=0.1)


def save_as_mmaction2(backbone: nn.Module, path: Path) -> None:
    state = {f"backbone.{key}": value for key, value in backbone.state_dict().items()}
    torch.save({"state_dict": {**state, "cls_head.fc_cls.weight": torch.ones(1)}, "meta": {}}, path)


@pytest.mark.parametrize(
    ("name", "class_name", "options", "shape"),
    [
        ("i3d_r50", "ResNet3d", I3D, (1, 3, 16, 32, 32)),
        ("i3d_r50_nl_gaussian", "ResNet3d", I3D | NON_LOCAL, (1, 3, 16, 32, 32)),
        ("ircsn_r50", "ResNet3dCSN", CSN, (1, 3, 8, 32, 32)),
        ("x3d", "X3D", dict(gamma_w=1, gamma_b=2.25, gamma_d=2.2), (1, 3, 4, 64, 64)),
        ("posec3d", "ResNet3dSlowOnly", POSEC3D, (1, 17, 8, 16, 16)),
    ],
)
def test_weights_give_mmaction2s_map(
    tmp_path: Path, name: str, class_name: str, options: dict[str, Any], shape: tuple[int, ...]
):
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmaction"):
        backbone = getattr(import_mmaction().models, class_name)(**options)
    randomise_norms(backbone)
    save_as_mmaction2(backbone, tmp_path / "weights.pth")
    backbone.eval()
    data = torch.rand(shape)
    with torch.no_grad():
        expected = backbone(data)
    encoder = Mmaction2Video(backbone=name, in_channels=shape[1], weights=tmp_path / "weights.pth")
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(compute_map(encoder, data), expected)


@pytest.mark.parametrize(
    ("name", "class_name", "options"), [("c2d_r50", "C2D", {}), ("tanet_r50", "TANet", {"num_segments": 8})]
)
def test_image_networks_equal_mmaction2s(tmp_path: Path, name: str, class_name: str, options: dict[str, int]):
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmaction"):
        backbone = getattr(import_mmaction().models, class_name)(depth=50, **options)
    for module in backbone.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
    save_as_mmaction2(backbone, tmp_path / "weights.pth")
    backbone.train(False)
    clip = torch.rand(1, 3, 8, 64, 64)
    with torch.no_grad():
        expected = backbone(clip) if class_name == "C2D" else backbone(clip[0].transpose(0, 1)).transpose(0, 1)[None]
    encoder = Mmaction2Video(backbone=name, weights=tmp_path / "weights.pth")
    torch.testing.assert_close(compute_map(encoder, clip), expected)


def test_tanet_refuses_other_times():
    encoder = Mmaction2Video(backbone="tanet_r50")
    with pytest.raises(InputError, match=r"clip of this network must have 8 frames, got 16"):
        compute_map(encoder, torch.rand(1, 3, 16, 32, 32))


def test_slowonly_stages_equal_the_backbone():
    torch.manual_seed(0)
    backbone = import_mmaction().models.ResNet3dSlowOnly(depth=50)
    backbone.init_weights()
    backbone.eval()
    torch.manual_seed(0)
    encoder = Mmaction2Video(backbone="slowonly_r50")
    for network in (backbone, encoder):
        for module in network.modules():
            if isinstance(module, nn.BatchNorm3d):
                nn.init.ones_(module.weight)
    data = torch.randn(1, 3, 2, 64, 64)
    with torch.no_grad():
        expected = backbone(data)
    torch.testing.assert_close(compute_map(encoder, data), expected)


def test_posec3d_has_the_published_cost():
    with torch.device("meta"):
        encoder = Mmaction2Video(backbone="posec3d", in_channels=17).eval()
        maps, valid = torch.empty(1, 17, 48, 56, 56), torch.empty(1, 48, dtype=torch.bool)
        macs = count_macs(encoder, maps, valid)
        assert encoder(maps, valid).map.shape == (1, 512, 24, 7, 7)
    assert count_parameters(encoder) == 1_994_080
    assert count_parameters(encoder, nn.Linear(encoder.out_channels, 60)) == 2_024_860  # with NTU-60's classifier
    assert macs[TOTAL] / 1e9 == pytest.approx(15.631, abs=1e-3)


@pytest.mark.parametrize(
    ("backbone", "thw", "parameters", "gmacs"),
    [
        ("i3d_r50_heavy", (32, 224, 224), 32_204_608, 126.781),
        ("i3d_r50_nl_dot_product", (32, 224, 224), 34_578_240, 44.338),
        ("i3d_r50_nl_gaussian", (32, 224, 224), 30_904_128, 41.722),
        ("ircsn_r152", (32, 224, 224), 28_883_968, 74.045),
        ("slowonly_r50", (8, 224, 224), 31_634_496, 41.740),
        ("x3d", (16, 224, 224), 2_089_986, 4.731),
    ],
)
def test_siblings_have_the_published_cost(backbone: str, thw: tuple[int, int, int], parameters: int, gmacs: float):
    encoder = build_on_meta(partial(Mmaction2Video, backbone=backbone))
    valid = torch.empty(1, thw[0], dtype=torch.bool, device="meta")
    macs = count_macs(encoder, torch.empty(1, 3, *thw, device="meta"), valid)
    assert count_parameters(encoder) == parameters
    assert macs[TOTAL] / 1e9 == pytest.approx(gmacs, abs=1e-3)


@pytest.mark.parametrize("scope", ["mmengine", "triad", "mmpose"])
def test_default_scope_has_no_effect(scope: str):
    with DefaultScope.overwrite_default_scope(scope):
        assert Mmaction2Video(backbone="x3d").out_channels == 432
        assert DefaultScope.get_current_instance().scope_name == scope


def test_unknown_backbone_is_refused():
    with pytest.raises(InputError, match=r"Mmaction2Video.backbone must be one of c2d_r50, .*, x3d, got 'x3d_m'"):
        Mmaction2Video(backbone="x3d_m")
