"""Occlusion by intervals, and of networks that interpolate or derive joints."""

from __future__ import annotations

import pytest
import torch
from hand_made import LAYOUT, TIMES, lose, make_batch, make_linear, make_model

from triad.fusion.explanation import gradient_times_input, occlusion
from triad.modalities.checks import InputError
from triad.modalities.skeleton.encoders import StGcnPlusPlus
from triad.modalities.skeleton.transforms import InterpolateMissing, ToBones

ENCODER = {"type": StGcnPlusPlus, "layout": LAYOUT.name, "widths": (16, 16)}


def test_interval_divides_drop_among_times() -> None:
    """Two intervals of 3 times: every joint has one value in each, whose sum is the sum of its three terms."""
    model, batch = make_linear(), make_batch()
    terms = gradient_times_input(model, batch, stream="skeleton", target=1)
    values = occlusion(model, batch, stream="skeleton", target=1, num_intervals=2, batch_size=5)
    assert (values[:, :3] == values[:, :1]).all()
    torch.testing.assert_close(values[:, 0] * 3, terms[:, :3].sum(1), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(values[:, 3] * 3, terms[:, 3:].sum(1), atol=1e-5, rtol=1e-4)


def test_interpolating_model_loses_little() -> None:
    """A joint that moves evenly is interpolated to where it was: hidden for a while, in the middle, nothing is lost."""
    batch = make_batch()
    data = batch["skeleton"]["data"]
    data[:] = data[:, :, :1] + torch.arange(TIMES)[:, None, None] * data[:, :, 1:2]
    plain_model, interpolating_model = (make_model(ENCODER, steps) for steps in ([], [{"type": InterpolateMissing}]))
    middle = slice(2, 4)
    drop = occlusion(plain_model, batch, stream="skeleton", num_intervals=3)[:, middle].abs().max()
    interpolated_drop = occlusion(interpolating_model, batch, stream="skeleton", num_intervals=3)[:, middle].abs().max()
    assert interpolated_drop < 1e-4 * drop


def test_hidden_joint_removes_both_bones() -> None:
    """A bone ends in two joints: without the elbow, neither upper arm nor forearm is visible."""
    model, batch = make_model({**ENCODER, "widths": (16, 32)}, [{"type": ToBones}]), make_batch()
    elbow = LAYOUT.index("left_elbow")
    whole = model.data_preprocessor(batch, False)
    without_elbow = model.data_preprocessor(lose(batch, 0, slice(None), elbow), False)
    bones = without_elbow["batch"]["skeleton"]["data"]
    empty = (bones[0, 0] == 0).all(0).all(0).nonzero()[:, 0].tolist()
    assert empty == sorted([elbow, LAYOUT.index("left_wrist"), LAYOUT.root])
    values = occlusion(model, batch, stream="skeleton", target=0)
    with torch.no_grad():
        before, after = (model(**inputs)["skeleton"][0, 0] for inputs in (whole, without_elbow))
    torch.testing.assert_close(values[0, :, elbow].sum(), before - after, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("option", ["num_intervals", "batch_size"])
def test_sizes_below_one_are_refused(option: str) -> None:
    with pytest.raises(InputError, match=rf"^{option} of an occlusion must be at least 1, got 0$"):
        occlusion(make_linear(), make_batch(), stream="skeleton", **{option: 0})
