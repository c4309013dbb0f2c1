from __future__ import annotations

import pytest
import torch
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import TorchvisionImage, Tsm
from triad.modalities.video_encoders.layers import ShiftedResidual


def compute_map(encoder: nn.Module, data: Tensor) -> Tensor:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool)).map


@pytest.mark.parametrize(("depth", "blocks"), [(18, 8), (50, 16)])
def test_same_weights_give_mmaction2s_map(depth: int, blocks: int):
    backbones = import_mmaction().models
    with DefaultScope.overwrite_default_scope("mmaction"):
        reference = backbones.ResNetTSM(depth=depth, num_segments=4, shift_div=8, pretrained2d=False)
    reference.eval()  # returns nothing
    encoder = Tsm(network=f"resnet{depth}")
    assert sum(isinstance(module, ShiftedResidual) for module in encoder.modules()) == blocks
    weights = [value for key, value in reference.state_dict().items() if "num_batches" not in key]
    names = [key for key in encoder.state_dict() if "num_batches" not in key]
    encoder.load_state_dict(dict(zip(names, weights, strict=True)), strict=False)
    data = torch.randn(2, 3, 4, 64, 64)
    with torch.no_grad():
        expected = reference(data.transpose(1, 2).flatten(0, 1)).unflatten(0, (2, 4)).transpose(1, 2)
    torch.testing.assert_close(compute_map(encoder, data), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("network", ["resnet18", "mobilenet_v2"])
def test_still_video_changes_at_its_ends(network: str):
    """Between equal frames a shift changes nothing, except at both ends of the clip, where zeros come in."""
    torch.manual_seed(0)
    image = TorchvisionImage(network=network)
    torch.manual_seed(0)
    encoder = Tsm(network=network)
    data = torch.randn(1, 3, 1, 64, 64).expand(-1, -1, 41, -1, -1)
    expected = compute_map(image, data[:, :, :1])
    output = compute_map(encoder, data)
    error = (output - expected).abs().amax((0, 1, 3, 4)) / expected.abs().max()  # [T]
    assert error[20] < 1e-4
    assert error[0] > 0.01
    assert error[-1] > 0.01


def test_deep_networks_shift_every_second_block():
    with torch.device("meta"):
        encoder = Tsm(network="resnet101")
    stages = [[isinstance(block, ShiftedResidual) for block in stage] for stage in list(encoder.layers)[1:]]  # type: ignore[arg-type, union-attr]
    assert [sum(stage) for stage in stages] == [2, 2, 12, 2]


def test_networks_without_residuals_are_refused():
    with pytest.raises(InputError, match=r"Tsm.network must be one of .* got 'vgg16'"):
        Tsm(network="vgg16")
    with pytest.raises(InputError, match=r"Tsm.shift_div must be 2 or more, got 1"):
        Tsm(network="resnet18", shift_div=1)
