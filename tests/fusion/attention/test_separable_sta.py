from __future__ import annotations

import math

import pytest
import torch
from tiny_recognizer import ATTENTION, build_recognizer, compute_losses, make_batch
from torch import nn

from triad.fusion.attention import SeparableSTA
from triad.fusion.heads import LinearHead
from triad.fusion.models import FeatureShape, Recognizer
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters


def build_attended() -> Recognizer:
    return build_recognizer(attention=[{"type": SeparableSTA, **ATTENTION}], dropout=0.0).eval()


def test_uniform_weights_by_hand():
    attention = build_attended().attention[0]
    for branch in (attention.spatial, attention.temporal):
        nn.init.zeros_(branch[2].weight)
        nn.init.zeros_(branch[2].bias)
    alpha, beta = attention.weights(torch.randn(3, 4))
    assert torch.equal(alpha, torch.full((3, 4, 4), 0.5))  # sigmoid(0)
    assert torch.equal(beta, torch.full((3, 2), 0.5))  # softmax of equal values over two times


def test_attended_map_and_loss_by_hand():
    model = build_attended()
    batch = make_batch({"rgb": [True, True], "flow": [True, False]})
    with torch.no_grad():
        prepared = model.data_preprocessor(batch, False)["batch"]
        features, losses, maps = model.fuse(model.encode(prepared)[0], prepared)
        encoders = build_recognizer().eval().encoders
        plain = encoders["rgb"](batch["rgb"]["data"], batch["rgb"]["valid"]).map
        pose = encoders["flow"](batch["flow"]["data"][:1], None).map.mean((2, 3, 4))
        alpha, beta = model.attention[0].weights(pose)
    attended = features["rgb"].map
    assert attended.shape == (2, 8, 2, 4, 4)
    torch.testing.assert_close(attended[0, :4], plain[0] * alpha[0], atol=1e-6, rtol=0)
    torch.testing.assert_close(attended[0, 4:], plain[0] * 2 * beta[0][None, :, None, None], atol=1e-6, rtol=0)
    # the second sample has no pose: uniform attention
    torch.testing.assert_close(attended[1, :4], plain[1] * 0.5, atol=1e-6, rtol=0)
    torch.testing.assert_close(attended[1, 4:], plain[1], atol=1e-6, rtol=0)
    torch.testing.assert_close(maps["α"].weights, torch.stack([alpha[0], torch.full((4, 4), 0.5)]))
    torch.testing.assert_close(maps["β"].weights, torch.stack([beta[0], torch.full((2,), 0.5)]))
    assert maps["α"].driven.tolist() == [True, False]
    loss = 1e-5 * (alpha.norm() + (1 - beta).square().sum())
    assert losses["loss_attention"] == pytest.approx(loss.item(), rel=1e-5)


def test_every_parameter_gets_a_gradient():
    model = build_attended().train()
    sum(compute_losses(model, make_batch({"rgb": [True] * 3, "flow": [True] * 3})).values()).backward()
    assert all((p.grad != 0).any() for p in model.attention.parameters())


@pytest.mark.parametrize("absent", ["rgb", "flow"])
def test_absent_stream_trains(absent: str):
    model = build_attended().train()
    batch = make_batch({name: [name != absent] * 2 for name in ("rgb", "flow")})
    total = sum(compute_losses(model, batch).values())
    assert math.isfinite(total.item())
    total.backward()


def test_stream_without_places_is_refused():
    shapes = {"rgb": FeatureShape("BTNC", (2, 16, 4)), "flow": FeatureShape("BC", (4,))}
    with pytest.raises(InputError, match=r"map of stream 'rgb' of SeparableSTA.video must have axes BCTHW, got BTNC"):
        SeparableSTA(shapes=shapes, **ATTENTION)


def test_missing_stream_is_refused():
    shapes = {"rgb": FeatureShape("BCTHW", (4, 2, 4, 4))}
    with pytest.raises(InputError, match=r"SeparableSTA.pose must be one of rgb, got 'flow'"):
        SeparableSTA(shapes=shapes, **ATTENTION)


def test_numbers_of_parameters_are_published():
    """Counted in Climent-Pérez and Flórez-Revuelta's code: LSTM of 512, I3D's map, 31 classes of Toyota Smarthome."""
    shapes = {"rgb": FeatureShape("BCTHW", (1024, 8, 7, 7)), "skeleton": FeatureShape("BC", (512,))}
    attention = SeparableSTA(shapes=shapes, video="rgb", pose="skeleton")
    assert count_parameters(attention) == 277_305
    assert count_parameters(LinearHead(in_channels=attention.out_shapes["rgb"].channels, num_classes=31)) == 63_519


def test_one_answer_comes_from_the_attended_video():
    model = build_recognizer(attention=[{"type": SeparableSTA, **ATTENTION}], heads={"flow": None}).eval()
    batch = make_batch({"rgb": [True, True], "flow": [True, False]})
    with torch.no_grad():
        (first, second) = model(**model.data_preprocessor(batch, False), mode="predict")
    for row in (first, second):
        assert list(row["streams"]) == ["rgb"]
        torch.testing.assert_close(
            torch.from_numpy(row["fused"]), torch.from_numpy(row["streams"]["rgb"]["score"]).log_softmax(0)
        )
