from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.encoder import Encoder
from triad.modalities.video_encoders import FactorisedAttentionViViT, FactorisedEncoderViViT, JointViViT
from triad.modalities.video_encoders.transformers.layers import resize_volume

SMALL: dict[str, Any] = dict(num_frames=4, image_size=32, channels=16, depth=2, heads=2)
MODELS = (JointViViT, FactorisedEncoderViViT, FactorisedAttentionViViT)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def compute(encoder: Encoder, clip: Tensor) -> Any:
    with torch.no_grad():
        return encoder.eval()(clip, torch.ones(len(clip), clip.shape[2], dtype=torch.bool))


@pytest.fixture
def clip() -> Tensor:
    return torch.randn(2, 3, 4, 32, 32, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(
    ("model", "millions", "gmacs"),
    [(JointViViT, 88.9, 455.2), (FactorisedEncoderViViT, 115.1, 284.4), (FactorisedAttentionViViT, 117.3, 372.3)],
    ids=["model1", "model2", "model3"],
)
def test_cost_rounds_to_papers(model: type[Encoder], millions: float, gmacs: float):
    """The paper prints 0.1M parameters with Kinetics-400's classifier, and 0.3–0.8 % more operations than products."""
    with torch.device("meta"):
        encoder = model()
        head = nn.Linear(768, 400)
        macs = count_macs(encoder, torch.empty(1, 3, 32, 224, 224), torch.empty(1, 32, dtype=torch.bool))
    assert count_parameters(encoder, head) / 1e6 == pytest.approx(millions, abs=0.06)
    assert macs[TOTAL] / 1e9 == pytest.approx(gmacs, rel=0.01)
    assert macs[TOTAL] / 1e9 < gmacs


@each_model
def test_tokens_of_published_clip(model: type[Encoder]):
    with torch.device("meta"):
        encoder = model(depth=1)
        output = encoder(torch.empty(1, 3, 32, 224, 224), torch.empty(1, 32, dtype=torch.bool))
    assert output.map.shape == (1, 16, 14 * 14, 768)


@each_model
def test_starts_with_central_frames(model: type[Encoder], clip: Tensor):
    """The first frame of every tubelet of two has no effect before training."""
    encoder = model(**SMALL)
    changed = clip.clone()
    changed[:, :, ::2] += 1
    first = compute(encoder, clip).map
    assert torch.equal(first, compute(encoder, changed).map)
    changed[:, :, 1] += 1
    assert not torch.allclose(first, compute(encoder, changed).map)


def test_joint_tokens_see_all_others(clip: Tensor):
    changed = clip.clone()
    changed[:, :, 3, 31, 31] += 5  # the last patch of the last tubelet
    encoder = JointViViT(**{**SMALL, "depth": 1})
    difference = compute(encoder, changed).map - compute(encoder, clip).map
    assert difference.abs().amax(3).min() > 0


def test_spatial_encoder_keeps_times_apart(clip: Tensor):
    changed = clip.clone()
    changed[:, :, 3] += 1
    encoder = FactorisedEncoderViViT(**SMALL)
    before = compute(encoder, clip)
    after = compute(encoder, changed)
    assert torch.equal(before.map[:, 0], after.map[:, 0])
    assert not torch.allclose(before.map[:, 1], after.map[:, 1])
    assert not torch.allclose(before.pooled, after.pooled)
    assert before.taps["times"].shape == (2, 2, 16)


def test_attention_over_time_starts_at_zero(clip: Tensor):
    changed = clip.clone()
    changed[:, :, 3] += 1
    encoder = FactorisedAttentionViViT(**SMALL)
    assert torch.equal(compute(encoder, clip).map[:, 0], compute(encoder, changed).map[:, 0])
    for block in encoder.blocks:
        nn.init.normal_(block.temporal_attn.proj.weight)
    assert not torch.allclose(compute(encoder, clip).map[:, 0], compute(encoder, changed).map[:, 0])


@each_model
def test_steps_make_the_forward_pass(model: type[Encoder], clip: Tensor):
    encoder = model(**SMALL).eval()
    expected = compute(encoder, clip)
    with torch.no_grad():
        tokens = encoder.embed(clip)
        for index, step in enumerate(encoder.steps()):
            tokens = step(tokens)
            assert torch.equal(tokens.patches, expected.taps[f"block{index}"])
        assert torch.equal(encoder.finish(tokens).map, expected.map)


@each_model
def test_longer_and_wider_clips(model: type[Encoder]):
    output = compute(model(**SMALL), torch.randn(1, 3, 8, 48, 64))
    assert output.map.shape == (1, 4, 3 * 4, 16)


def test_positions_are_interpolated_linearly():
    positions = torch.tensor([0.0, 8.0])[None, :, None]  # two times of one place
    assert resize_volume(positions, (2, 1, 1), (4, 1, 1)).flatten().tolist() == [0, 2, 6, 8]
    assert resize_volume(positions, (2, 1, 1), (2, 1, 2)).flatten().tolist() == [0, 0, 8, 8]


@each_model
def test_odd_number_of_frames_is_refused(model: type[Encoder]):
    must = rf"input of {model.__name__} must have T, H and W that divide by its patches of 2×16×16, got 3×32×32; "
    with pytest.raises(InputError, match=must):
        compute(model(**SMALL), torch.zeros(1, 3, 3, 32, 32))
