from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import video
from torchvision.models.video.mvit import PositionalEncoding
from torchvision.ops import StochasticDepth

from triad.modalities.checks import InputError
from triad.modalities.encoder import EncoderOutput
from triad.modalities.video_encoders import TorchvisionTransformer
from triad.modalities.video_encoders.adapters.torchvision_transformer import MViTTokens


def encode(encoder: nn.Module, data: Tensor) -> EncoderOutput:
    with torch.no_grad():
        return encoder.eval()(data, torch.ones(data.shape[0], data.shape[2], dtype=torch.bool))


def small_mvit(name: str, **sizes: Any) -> video.MViT:
    """torchvision's network for tokens of other sizes than published."""
    torch.manual_seed(0)
    network = getattr(video, name)().eval()
    relative = network.pos_encoding.spatial_pos is None
    network.pos_encoding = PositionalEncoding(embed_size=96, rel_pos_embed=relative, **sizes)
    for parameter in network.pos_encoding.parameters():
        nn.init.normal_(parameter, std=0.1)
    return network


@pytest.mark.parametrize("name", ["mvit_v1_b", "mvit_v2_s"])
def test_class_token_gives_torchvisions_logits(name: str):
    torch.manual_seed(0)
    network = small_mvit(name, temporal_size=2, spatial_size=(16, 16))
    data = torch.randn(1, 3, 4, 64, 64)
    with torch.no_grad():
        expected = network(data)
        output = MViTTokens(network)(data)
        torch.testing.assert_close(network.head(output.pooled), expected, rtol=1e-4, atol=1e-5)
    assert output.map.shape == (1, 2, 4, 768)
    assert expected.std() > 0.1


@pytest.mark.parametrize("name", ["mvit_v2_s", "swin3d_t"])
def test_published_weights_are_loaded(name: str, tmp_path: Path):
    torch.manual_seed(0)
    network = getattr(video, name)().eval()
    torch.save(network.state_dict(), tmp_path / "weights.pth")
    encoder = TorchvisionTransformer(network=name, weights=tmp_path / "weights.pth")
    state = network.state_dict()
    loaded = encoder.body.state_dict()
    assert all(torch.equal(value, state[key]) for key, value in loaded.items())
    assert {key for key in state if key not in loaded} == {key for key in state if key.startswith("head.")}


def test_map_gives_torchvisions_logits(tmp_path: Path):
    torch.manual_seed(0)
    network = video.swin3d_t().eval()
    torch.save(network.state_dict(), tmp_path / "weights.pth")
    data = torch.randn(1, 3, 4, 64, 64)
    with torch.no_grad():
        expected = network(data)
        output = encode(TorchvisionTransformer(network="swin3d_t", weights=tmp_path / "weights.pth"), data)
        logits = network.head(output.map.mean((2, 3, 4)))
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mvit_v1_b", "mvit_v2_s"])
def test_published_size_gives_torchvisions_logits(name: str, tmp_path: Path):
    torch.manual_seed(0)
    network = getattr(video, name)().eval()
    torch.save(network.state_dict(), tmp_path / "weights.pth")
    data = torch.randn(1, 3, 16, 224, 224)
    with torch.no_grad():
        output = encode(TorchvisionTransformer(network=name, weights=tmp_path / "weights.pth"), data)
        torch.testing.assert_close(network.head(output.pooled), network(data), rtol=1e-3, atol=1e-4)


def test_absolute_positions_are_interpolated():
    network = small_mvit("mvit_v1_b", temporal_size=2, spatial_size=(8, 8))
    tokens = MViTTokens(network)
    with torch.no_grad():
        network.pos_encoding.temporal_pos.copy_(torch.tensor([0.0, 4.0])[:, None].expand(-1, 96))
        network.pos_encoding.spatial_pos.zero_()
    positions = tokens.positions((4, 8, 4))
    assert positions.shape == (1, 1 + 4 * 8 * 4, 96)
    assert positions[0, 1:, 0].unflatten(0, (4, 32))[:, 0].tolist() == [0, 1, 3, 4]


def test_drop_path_rises_from_zero():
    encoder = TorchvisionTransformer(network="swin3d_t", drop_path=0.3)
    rates = [module.p for module in encoder.modules() if isinstance(module, StochasticDepth)]
    assert len(rates) == 12
    assert rates[0] == 0
    assert rates[-1] == pytest.approx(0.3)
    assert rates == sorted(rates)


def test_lecture_windows_of_video_swin():
    """8³ tokens in windows of 4³ are 8 windows; shifted by 2³ they are divided by a mask into 27 parts."""
    attention = video.swin_transformer.ShiftedWindowAttention3d(
        dim=4, window_size=[4, 4, 4], shift_size=[2, 2, 2], num_heads=1
    )
    masks: list[Tensor] = []
    compute_mask = video.swin_transformer._compute_attention_mask_3d

    def record(*args):
        masks.append(compute_mask(*args))
        return masks[-1]

    with pytest.MonkeyPatch.context() as patch, torch.no_grad():
        patch.setattr(video.swin_transformer, "_compute_attention_mask_3d", record)
        attention(torch.randn(1, 8, 8, 8, 4))
    visible = masks[0] == 0  # [window, token, token]
    assert visible.shape == (8, 64, 64)
    parts = sum(len({tuple(row.tolist()) for row in window}) for window in visible)
    assert parts == 27


def test_wrong_name_is_refused():
    with pytest.raises(InputError, match=r"TorchvisionTransformer.network must be one of mvit_v1_b, .*, got 'mvit'"):
        TorchvisionTransformer(network="mvit")
