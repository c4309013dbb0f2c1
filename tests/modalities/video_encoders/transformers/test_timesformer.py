from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import TimeSformer
from triad.modalities.video_encoders.transformers.timesformer import ATTENTIONS

SMALL: dict[str, Any] = dict(num_frames=3, image_size=32, channels=16, depth=2, heads=2)
VALID = torch.ones(2, 3, dtype=torch.bool)


def randomise(network: nn.Module) -> None:
    """Give every parameter random values, so that none of its parts is without effect."""
    torch.manual_seed(0)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.3)


def reference(attention: str) -> nn.Module:
    sizes = dict(num_frames=3, img_size=32, patch_size=16, embed_dims=16, num_heads=2, num_transformer_layers=2)
    backbones = import_mmaction().models
    with DefaultScope.overwrite_default_scope("mmaction"):
        network = backbones.TimeSformer(attention_type=attention, **sizes)
    randomise(network)
    return network.eval()


@pytest.fixture
def clip() -> Tensor:
    return torch.randn(2, 3, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def save(state: dict[str, Tensor], folder: Path) -> Path:
    path = folder / "weights.pth"
    torch.save({"state_dict": state}, path)
    return path


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_class_token_equals_mmaction2s(attention: str, clip: Tensor, tmp_path: Path):
    network = reference(attention)
    state = {f"backbone.{key}": value for key, value in network.state_dict().items()}
    path = save(state | {"cls_head.fc_cls.bias": torch.zeros(1)}, tmp_path)
    encoder = TimeSformer(attention=attention, weights=path, **SMALL).eval()
    with torch.no_grad():
        expected = network(clip)
        output = encoder(clip, VALID)
    assert expected.std() > 0.1
    torch.testing.assert_close(output.pooled, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("attention", ["divided_space_time", "joint_space_time"])
def test_patch_tokens_equal_mmaction2s(attention: str, clip: Tensor, tmp_path: Path):
    """mmaction2 orders the patches of a clip by place, then time; ours are by time, then place."""
    network = reference(attention)
    encoder = TimeSformer(attention=attention, weights=save(network.state_dict(), tmp_path), **SMALL).eval()
    outputs = []
    network.norm.register_forward_hook(lambda module, inputs, output: outputs.append(output))
    with torch.no_grad():
        network(clip)
        tokens = encoder(clip, VALID).map
    expected = outputs[0][:, 1:].unflatten(1, (4, 3)).transpose(1, 2)  # [B, N, T, C] -> [B, T, N, C]
    torch.testing.assert_close(tokens, expected, rtol=1e-4, atol=1e-5)


def test_authors_names_are_ours_after_prefix(tmp_path: Path):
    trained = TimeSformer(**SMALL)
    published = {f"model.{key}": value for key, value in trained.state_dict().items()}
    path = save(published | {"model.head.weight": torch.zeros(400, 16)}, tmp_path)
    loaded = TimeSformer(weights=path, **SMALL).state_dict()
    assert all(torch.equal(loaded[key], value) for key, value in trained.state_dict().items())
    assert "blocks.1.temporal_attn.qkv.weight" in loaded


def test_image_transformer_starts_both_attentions(tmp_path: Path):
    image_transformer = TimeSformer(attention="space_only", **SMALL)
    loaded = TimeSformer(weights=save(image_transformer.state_dict(), tmp_path), **SMALL)
    expected = image_transformer.blocks[1]
    for block in (loaded.blocks[1].attn, loaded.blocks[1].temporal_attn):
        assert torch.equal(block.qkv.weight, expected.attn.qkv.weight)
    assert torch.equal(loaded.pos_embed, image_transformer.pos_embed)
    assert not loaded.blocks[1].temporal_fc.weight.any()


def test_starts_as_image_transformer(clip: Tensor):
    """The patches of a frame do not depend on other frames in the first block."""
    encoder = TimeSformer(**{**SMALL, "depth": 1}).eval()
    changed = clip.clone()
    changed[:, :, 2] += 1
    with torch.no_grad():
        first = encoder(clip, VALID).map
        second = encoder(changed, VALID).map
    torch.testing.assert_close(first[:, :2], second[:, :2])
    assert not torch.allclose(first[:, 2], second[:, 2])


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_steps_make_the_forward_pass(attention: str, clip: Tensor):
    encoder = TimeSformer(attention=attention, **SMALL).eval()
    randomise(encoder)
    with torch.no_grad():
        expected = encoder(clip, VALID)
        tokens = encoder.embed(clip)
        for index, step in enumerate(encoder.steps()):
            tokens = step(tokens)
            assert torch.equal(tokens.patches, expected.taps[f"block{index}"])
        output = encoder.finish(tokens)
    assert list(expected.taps) == ["block0", "block1"]
    assert torch.equal(output.map, expected.map)
    assert torch.equal(output.pooled, expected.pooled)


def test_tokens_run_over_rows_first():
    """A pixel at row 16–31, column 32–47 of the second frame changes the token of that patch alone before a block."""
    encoder = TimeSformer(**{**SMALL, "image_size": 48})
    blank = torch.zeros(1, 3, 3, 48, 48)
    marked = blank.clone()
    marked[0, :, 1, 20, 40] = 1
    changed = (encoder.embed(marked).patches - encoder.embed(blank).patches).abs().sum(3)[0]  # [T, N]
    assert changed.nonzero().tolist() == [[1, 1 * 3 + 2]]


def test_embeddings_stretch_to_nearest():
    encoder = TimeSformer(**SMALL)  # embeddings of 2 × 2 places and 3 times
    with torch.no_grad():
        encoder.patch_embed.proj.weight.zero_()
        encoder.patch_embed.proj.bias.zero_()
        encoder.pos_embed[0, 1:] = torch.tensor([0.0, 10, 20, 30])[:, None]
        encoder.time_embed[0] = torch.tensor([1.0, 2, 3])[:, None]
    patches = encoder.embed(torch.zeros(1, 3, 6, 64, 64)).patches[0, :, :, 0]  # [T, N]
    assert patches[:, 0].tolist() == [1, 1, 2, 2, 3, 3]
    rows = [[0, 0, 10, 10], [0, 0, 10, 10], [20, 20, 30, 30], [20, 20, 30, 30]]
    assert (patches[0] - 1).unflatten(0, (4, 4)).tolist() == rows


def test_other_sizes_are_refused():
    encoder = TimeSformer(**SMALL)
    with pytest.raises(
        InputError, match=r"TimeSformer must have T, H and W that divide by its patches of 1×16×16, got 3×32×40; "
    ):
        encoder(torch.zeros(2, 3, 3, 32, 40), VALID)


def test_unknown_attention_is_refused():
    with pytest.raises(InputError, match=r"TimeSformer.attention must be one of divided_space_time, .*, got 'divided'"):
        TimeSformer(attention="divided")
