"""Gradient × input on models that a person can take apart; shared properties are tested of occlusion as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import torch
from hand_made import LAYOUT, PERSONS, TIMES, lose, make_batch, make_function, make_linear, make_model, weights_of
from heat_map_model import make_heat_map_batch, make_heat_map_model
from torch import Tensor

from triad.fusion.explanation import gradient_times_input, occlusion
from triad.fusion.models import Recognizer
from triad.modalities.checks import InputError
from triad.modalities.skeleton import encoders
from triad.modalities.skeleton.encoders import StGcnPlusPlus
from triad.modalities.skeleton.transforms import InterpolateMissing

METHODS = [gradient_times_input, partial(occlusion, num_intervals=TIMES)]
MIRROR = list(LAYOUT.mirror_index)
HEAD = LAYOUT.index("head")
STAGES = {"widths": (16, 32)}
SMALL = {
    **dict.fromkeys(("Aagcn", "CtrGcn", "ShiftGcn", "StGcn", "StGcnPlusPlus", "TwoStreamAgcn"), STAGES),
    "Hyperformer": {"head_channels": 8, "heads": 3, "num_stages": 2, "down_stages": (2,)},
    "MsG3d": {"widths": (18,), "scales": 4, "window_scales": 3, "windows": (3,)},
    "Sgn": {"width": 8},
    "SkeletonLstm": {"hidden": 16, "persons": 2},
}


def logits(model: Recognizer, batch: dict) -> Tensor:
    with torch.no_grad():
        return model(**model.data_preprocessor(batch, False))["skeleton"][0]


@pytest.mark.parametrize("name", SMALL)
def test_every_skeleton_encoder_has_relevance(name: str) -> None:
    model = make_model({"type": getattr(encoders, name), "layout": LAYOUT.name, **SMALL[name]})
    batch = lose(make_batch(), 0, 1, HEAD)
    for values in (
        gradient_times_input(model, batch, stream="skeleton"),
        occlusion(model, batch, stream="skeleton", num_intervals=2),
    ):
        assert values.shape == (2, TIMES, LAYOUT.num_joints)
        assert values.isfinite().all()
        assert values[0, 1, HEAD] == 0
        assert (values[0] != 0).any()
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", [0, 2])
def test_linear_model_gives_its_terms(method: Callable[..., Tensor], target: int) -> None:
    model, batch = make_linear(), make_batch()
    terms = weights_of(model, target) * batch["skeleton"]["data"][0].permute(0, 3, 1, 2)  # [M, C, T, V]
    values = method(model, batch, stream="skeleton", target=target)
    torch.testing.assert_close(values, terms.sum(1), atol=1e-5, rtol=1e-4)
    bias = model.heads["skeleton"].fc.bias[target].detach()
    torch.testing.assert_close(values.sum() + bias, logits(model, batch)[target], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_predicted_class_is_the_default(method: Callable[..., Tensor]) -> None:
    model, batch = make_linear(), make_batch()
    predicted = int(logits(model, batch).argmax())
    values = method(model, batch, stream="skeleton")
    assert torch.equal(values, method(model, batch, stream="skeleton", target=predicted))
    assert not torch.equal(values, method(model, batch, stream="skeleton", target=(predicted + 1) % 3))


@pytest.mark.parametrize("method", METHODS)
def test_ignored_joint_has_zero_relevance(method: Callable[..., Tensor]) -> None:
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
    joints = data[:, :, 0].square() + data[:, :, 1].sin() + data[:, :, 2]
    return (joints + joints[..., MIRROR]).flatten(1)


@pytest.mark.parametrize("method", METHODS)
def test_mirrored_sample_has_mirrored_relevance(method: Callable[..., Tensor]) -> None:
    model, batch = make_function(symmetric, PERSONS * TIMES * LAYOUT.num_joints), make_batch()
    entry = batch["skeleton"]
    mirrored = entry["data"][..., MIRROR, :] * torch.tensor([-1.0, 1.0, 1.0])
    values = method(model, batch, stream="skeleton", target=0)
    mirrored_values = method(model, {**batch, "skeleton": {**entry, "data": mirrored}}, stream="skeleton", target=0)
    torch.testing.assert_close(mirrored_values, values[..., MIRROR], atol=1e-5, rtol=1e-4)
    assert not torch.allclose(mirrored_values, values, atol=1e-2)


@pytest.mark.parametrize("method", METHODS)
def test_flipped_view_keeps_measured_joints(method: Callable[..., Tensor]) -> None:
    """Relevance is of the joints as they were measured, not of their mirror images."""
    model, batch = make_function(symmetric, PERSONS * TIMES * LAYOUT.num_joints), make_batch()
    flipped = {**batch, "view": {**batch["view"], "flip": torch.ones(1)}}
    values = method(model, batch, stream="skeleton", target=0)
    torch.testing.assert_close(method(model, flipped, stream="skeleton", target=0), values, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("steps", [[], [{"type": InterpolateMissing}]], ids=["zeros", "filled"])
@pytest.mark.parametrize("method", METHODS)
def test_invisible_joints_have_zero_relevance(method: Callable[..., Tensor], steps: list) -> None:
    encoder = {"type": StGcnPlusPlus, "layout": LAYOUT.name, "widths": (16, 16)}
    model = make_model(encoder, steps)
    batch = lose(lose(make_batch(), 0, slice(2, 4), HEAD), 1, slice(None), slice(None))
    values = method(model, batch, stream="skeleton")
    assert (values[0, 2:4, HEAD] == 0).all()
    assert (values[1] == 0).all()
    assert (values[0, :2, HEAD] != 0).all()


def test_heat_maps_without_scores_are_refused() -> None:
    model, batch = make_heat_map_model(use_score=False), make_heat_map_batch()
    assert (occlusion(model, batch, stream="pose") != 0).all()
    with pytest.raises(InputError, match=r"^heat maps of stream 'pose' must use scores, got use_score=False; use occl"):
        gradient_times_input(model, batch, stream="pose")


def test_linear_heat_maps_equal_occlusion() -> None:
    model, batch = make_heat_map_model(), make_heat_map_batch()
    values = gradient_times_input(model, batch, stream="pose", target=0)
    assert values.shape == (2, 4, 17)
    occluded = occlusion(model, batch, stream="pose", target=0, num_intervals=4)
    torch.testing.assert_close(values, occluded, atol=1e-6, rtol=1e-3)
    assert (values != 0).all()


def test_wrong_samples_and_classes_are_refused() -> None:
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
