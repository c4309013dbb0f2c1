"""What gradient × input and occlusion say of models that a person can take apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import torch
from hand_made import LAYOUT, PERSONS, TIMES, lose, make_batch, make_function, make_linear, make_model, weights_of
from torch import Tensor

from fusion.explanation import gradient_times_input, occlusion
from fusion.models import Recognizer
from modalities.checks import InputError
from modalities.skeleton.encoders import StGcnPlusPlus
from modalities.skeleton.transforms import InterpolateMissing

METHODS = [gradient_times_input, partial(occlusion, parts=TIMES)]
MIRROR = list(LAYOUT.mirror_index)
HEAD = LAYOUT.index("head")


def logits(model: Recognizer, batch: dict) -> Tensor:
    with torch.no_grad():
        return model(**model.data_preprocessor(batch, False))["skeleton"][0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", [0, 2])
def test_of_a_linear_model_both_are_its_exact_terms(method: Callable[..., Tensor], target: int) -> None:
    model, batch = make_linear(), make_batch()
    terms = weights_of(model, target) * batch["skeleton"]["data"][0].permute(0, 3, 1, 2)  # [M, C, T, V]
    values = method(model, batch, stream="skeleton", target=target)
    torch.testing.assert_close(values, terms.sum(1), atol=1e-5, rtol=1e-4)
    bias = model.heads["skeleton"].fc.bias[target].detach()
    torch.testing.assert_close(values.sum() + bias, logits(model, batch)[target], atol=1e-5, rtol=1e-4)


def test_a_stretch_shares_what_the_logit_loses_by_it() -> None:
    """Two stretches of 3 times: every joint has one value in each, whose sum is the sum of its three terms."""
    model, batch = make_linear(), make_batch()
    fine = gradient_times_input(model, batch, stream="skeleton", target=1)
    coarse = occlusion(model, batch, stream="skeleton", target=1, parts=2, rows=5)
    assert (coarse[:, :3] == coarse[:, :1]).all()
    torch.testing.assert_close(coarse[:, 0] * 3, fine[:, :3].sum(1), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(coarse[:, 3] * 3, fine[:, 3:].sum(1), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_the_class_is_the_predicted_one_unless_told(method: Callable[..., Tensor]) -> None:
    model, batch = make_linear(), make_batch()
    predicted = int(logits(model, batch).argmax())
    chosen = method(model, batch, stream="skeleton")
    assert torch.equal(chosen, method(model, batch, stream="skeleton", target=predicted))
    assert not torch.equal(chosen, method(model, batch, stream="skeleton", target=(predicted + 1) % 3))


@pytest.mark.parametrize("method", METHODS)
def test_a_joint_that_the_model_ignores_has_exactly_none(method: Callable[..., Tensor]) -> None:
    others = [joint for joint in range(LAYOUT.num_joints) if joint != HEAD]
    model = make_function(lambda data: data[..., others].square().sum((2, 3)), PERSONS * len(others))
    batch = make_batch()
    with torch.no_grad():  # whole numbers, whose sums are exact in any order
        model.heads["skeleton"].fc.weight.copy_(torch.arange(3 * PERSONS * len(others)).view(3, -1) + 1)
    batch["skeleton"]["data"] = 2 * (10 * batch["skeleton"]["data"]).round() + 1  # odd: none is 0
    values = method(model, batch, stream="skeleton")
    assert (values[..., HEAD] == 0).all()
    assert (values[..., others] != 0).all()


def symmetric(data: Tensor) -> Tensor:
    """Blind to the side: x squared, y curved, left and right added: ``[B, M, C, T, V]`` -> ``[B, M · T · V]``."""
    each = data[:, :, 0].square() + data[:, :, 1].sin() + data[:, :, 2]
    return (each + each[..., MIRROR]).flatten(1)


@pytest.mark.parametrize("method", METHODS)
def test_a_mirrored_sample_has_mirrored_relevance(method: Callable[..., Tensor]) -> None:
    model, batch = make_function(symmetric, PERSONS * TIMES * LAYOUT.num_joints), make_batch()
    entry = batch["skeleton"]
    mirrored = entry["data"][..., MIRROR, :] * torch.tensor([-1.0, 1.0, 1.0])
    values = method(model, batch, stream="skeleton", target=0)
    other = method(model, {**batch, "skeleton": {**entry, "data": mirrored}}, stream="skeleton", target=0)
    torch.testing.assert_close(other, values[..., MIRROR], atol=1e-5, rtol=1e-4)
    assert not torch.allclose(other, values, atol=1e-2)


@pytest.mark.parametrize("method", METHODS)
def test_a_view_that_flips_changes_nothing_for_such_a_model(method: Callable[..., Tensor]) -> None:
    """Relevance is told of the joints as they were measured, not of their mirror images."""
    model, batch = make_function(symmetric, PERSONS * TIMES * LAYOUT.num_joints), make_batch()
    flipped = {**batch, "view": {**batch["view"], "flip": torch.ones(1)}}
    values = method(model, batch, stream="skeleton", target=0)
    torch.testing.assert_close(method(model, flipped, stream="skeleton", target=0), values, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("steps", [[], [{"type": InterpolateMissing}]], ids=["zeros", "filled"])
@pytest.mark.parametrize("method", METHODS)
def test_joints_that_were_not_seen_have_none(method: Callable[..., Tensor], steps: list) -> None:
    encoder = {"type": StGcnPlusPlus, "layout": LAYOUT.name, "widths": (16, 16)}
    model = make_model(encoder, steps)
    batch = lose(lose(make_batch(), 0, slice(2, 4), HEAD), 1, slice(None), slice(None))
    values = method(model, batch, stream="skeleton")
    assert (values[0, 2:4, HEAD] == 0).all()
    assert (values[1] == 0).all()
    assert (values[0, :2, HEAD] != 0).all()


def test_a_model_that_fills_lost_joints_misses_little_of_a_straight_line() -> None:
    """A joint that moves evenly is interpolated to where it was: hidden for a while, in the middle, nothing is lost."""
    encoder = {"type": StGcnPlusPlus, "layout": LAYOUT.name, "widths": (16, 16)}
    batch = make_batch()
    data = batch["skeleton"]["data"]
    data[:] = data[:, :, :1] + torch.arange(TIMES)[:, None, None] * data[:, :, 1:2]
    blind, filling = (make_model(encoder, steps) for steps in ([], [{"type": InterpolateMissing}]))
    middle = slice(2, 4)
    lost = occlusion(blind, batch, stream="skeleton", parts=3)[:, middle].abs().max()
    kept = occlusion(filling, batch, stream="skeleton", parts=3)[:, middle].abs().max()
    assert kept < 1e-4 * lost


def test_what_cannot_be_explained_is_refused() -> None:
    model, batch = make_linear(), make_batch()
    with pytest.raises(InputError, match=r"^stream to explain must be one of skeleton, got 'pose'$"):
        occlusion(model, batch, stream="pose")
    absent = {**batch, "skeleton": {**batch["skeleton"], "present": torch.zeros(1, dtype=torch.bool)}}
    with pytest.raises(InputError, match=r"^sample 'sample' to explain must have stream 'skeleton', got none$"):
        gradient_times_input(model, absent, stream="skeleton")
    with pytest.raises(InputError, match=r"^batch to explain must hold one sample, got 2$"):
        occlusion(model, {**batch, "id": ["a", "b"]}, stream="skeleton")
    for method in METHODS:
        with pytest.raises(InputError, match=r"^class to explain must be in 0–2, got 3$"):
            method(model, batch, stream="skeleton", target=3)
    with pytest.raises(InputError, match=r"^parts of an occlusion must be at least 1, got 0$"):
        occlusion(model, batch, stream="skeleton", parts=0)
