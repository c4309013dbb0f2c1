"""PoseC3D: heat maps into mmaction2's SlowOnly, at its published size."""

import pytest
import torch
from mmengine.registry import DefaultScope
from torch.utils.flop_counter import FlopCounterMode

from modalities.openmmlab import import_mmaction
from modalities.video_encoders import Mmaction2Video


def test_size_is_the_published_one():
    with torch.device("meta"):
        encoder = Mmaction2Video(backbone="posec3d", in_channels=17).eval()
        maps, valid = torch.empty(1, 17, 48, 56, 56), torch.empty(1, 48, dtype=torch.bool)
        with FlopCounterMode(display=False) as counter:
            found = encoder(maps, valid)["map"]
    parameters = sum(parameter.numel() for parameter in encoder.parameters())
    assert parameters == 1_994_080
    assert parameters + (encoder.out_channels + 1) * 60 == 2_024_860  # with the classifier of NTU-60
    assert counter.get_total_flops() / 2e9 == pytest.approx(15.631, abs=1e-3)
    assert found.shape == (1, 512, 24, 7, 7)


def test_output_is_the_backbones(tmp_path):
    """With a file as mmaction2 writes it, and batch statistics other than at the start."""
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmaction"):
        theirs = import_mmaction().models.ResNet3dSlowOnly(
            **dict(depth=50, in_channels=17, base_channels=32, num_stages=3, out_indices=(2,), stage_blocks=(4, 6, 3)),
            **dict(conv1_stride_s=1, pool1_stride_s=1, inflate=(0, 1, 1), spatial_strides=(2, 2, 2)),
            **dict(temporal_strides=(1, 1, 2), dilations=(1, 1, 1)),
        )
    for module in theirs.modules():
        if isinstance(module, torch.nn.BatchNorm3d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.running_mean, std=0.1)
    state = {f"backbone.{key}": value for key, value in theirs.state_dict().items()}
    torch.save({"state_dict": state | {"cls_head.fc_cls.weight": torch.ones(60, 512)}}, tmp_path / "posec3d.pth")
    ours = Mmaction2Video(backbone="posec3d", in_channels=17, weights=tmp_path / "posec3d.pth").eval()
    maps = torch.rand(1, 17, 8, 16, 16)
    theirs.eval()
    with torch.no_grad():
        expected = theirs(maps)
        found = ours(maps, torch.ones(1, 8, dtype=torch.bool))["map"]
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(found, expected)
