from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.encoder import EncoderOutput
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import Mmaction2Transformer
from triad.modalities.video_encoders.adapters.mmaction2_transformer import _run_videomae


def encode(encoder: nn.Module, data: Tensor) -> EncoderOutput:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool))


def build(class_name: str, **options: Any) -> nn.Module:
    backbones = import_mmaction().models
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmaction"):
        network = getattr(backbones, class_name)(**options)
    for parameter in network.parameters():  # layer scales and some norms start where they hide a mix-up
        nn.init.normal_(parameter, std=0.1)
    network.eval()  # a statement: Swin returns nothing here
    return network


def load(network: nn.Module, name: str, folder: Path) -> Mmaction2Transformer:
    state = {f"backbone.{key}": value for key, value in network.state_dict().items()}
    torch.save({"state_dict": {**state, "cls_head.fc_cls.weight": torch.ones(1)}, "meta": {}}, folder / "weights.pth")
    return Mmaction2Transformer(backbone=name, weights=folder / "weights.pth")


@pytest.mark.parametrize(
    ("name", "class_name", "options"),
    [
        ("swin3d_t", "SwinTransformer3D", {"arch": "tiny"}),
        ("uniformer_s", "UniFormer", {"depth": [3, 4, 8, 3]}),
    ],
)
def test_weights_give_mmaction2s_map(name: str, class_name: str, options: dict[str, Any], tmp_path: Path):
    network = build(class_name, **options)
    data = torch.randn(1, 3, 4, 64, 64)
    with torch.no_grad():
        expected = network(data)
    assert expected.std() > 0.01
    torch.testing.assert_close(encode(load(network, name, tmp_path), data).map, expected)


def test_mvit_gives_mmaction2s_tokens(tmp_path: Path):
    network = build("MViT", arch="small")
    data = torch.randn(1, 3, 4, 64, 64)
    with torch.no_grad():
        ((patches, class_token),) = network(data)
    output = encode(load(network, "mvit_v2_s", tmp_path), data)
    torch.testing.assert_close(output.pooled, class_token)
    torch.testing.assert_close(output.map, patches.flatten(3).permute(0, 2, 3, 1))
    assert class_token.std() > 0.01


def test_videomae_gives_mmaction2s_vector(tmp_path: Path):
    """16 frames of 32², for which mmaction2 interpolates the positions too."""
    network = build("VisionTransformer", embed_dims=384, num_heads=6)
    data = torch.randn(1, 3, 16, 32, 32)
    with torch.no_grad():
        expected = network(data)
    assert expected.std() > 0.01
    torch.testing.assert_close(encode(load(network, "videomae_s", tmp_path), data).pooled, expected)


def test_videomae_at_its_own_size():
    network = build("VisionTransformer", img_size=32, num_frames=4, embed_dims=16, depth=2, num_heads=2)
    data = torch.randn(2, 3, 4, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(_run_videomae(network, data, (2, 2, 2)).pooled, network(data))


@pytest.mark.parametrize("scope", ["mmengine", "triad", "mmpose"])
def test_default_scope_has_no_effect(scope: str):
    with DefaultScope.overwrite_default_scope(scope):
        assert Mmaction2Transformer(backbone="videomae_s").out_channels == 384


@pytest.mark.parametrize(("name", "patch"), [("videomae_s", "2×16×16"), ("uniformer_s", "1×32×32")])
def test_size_must_divide_by_patches(name: str, patch: str):
    encoder = Mmaction2Transformer(backbone=name)
    with pytest.raises(InputError, match=rf"must have T, H and W that divide by its patches of {patch}, got 2×48×40; "):
        encode(encoder, torch.zeros(1, 3, 2, 48, 40))


def test_wrong_name_is_refused():
    with pytest.raises(InputError, match=r"Mmaction2Transformer.backbone must be one of mvit_v2_b, .*, got 'videomae'"):
        Mmaction2Transformer(backbone="videomae")
