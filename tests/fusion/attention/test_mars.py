from __future__ import annotations

import pytest
import torch
from stream_features import batch_of, make_features
from tiny_recognizer import STREAM, compute_losses, make_batch

from triad.fusion.attention import Mars
from triad.fusion.models import FeatureShape, Recognizer
from triad.modalities.checks import InputError

SHAPES = {"rgb": FeatureShape("BCTHW", (4, 2, 1, 1)), "flow": FeatureShape("BCT", (4, 3))}
MARS = {"student": "rgb", "teacher": "flow"}


def test_loss_by_hand():
    """Of three videos the second has no flow: α times the mean square of the differences of two vectors."""
    module = Mars(shapes=SHAPES, **MARS, weight=10.0)
    features = make_features(SHAPES, {"rgb": [0, 1, 2], "flow": [2, 0]})
    loss = module(features, batch_of(3)).losses["mars"]
    student = features["rgb"].map.mean((2, 3, 4))[[0, 2]]
    teacher = features["flow"].map.mean(2)[[1, 0]]
    torch.testing.assert_close(loss, 10 * (student - teacher).square().mean())
    loss.backward()
    assert features["flow"].map.grad is None
    assert not features["rgb"].map.grad[1].any()


@pytest.mark.parametrize("absent", ["rgb", "flow"])
def test_absent_stream_has_no_loss(absent: str):
    features = make_features(SHAPES, {name: [0] for name in SHAPES if name != absent})
    output = Mars(shapes=SHAPES, **MARS)(features, batch_of(1))
    assert output.features is features
    assert output.losses == {}


def build() -> Recognizer:
    torch.manual_seed(0)
    streams = {"rgb": STREAM, "flow": {**STREAM, "train_only": True}}
    return Recognizer(num_classes=5, streams=streams, attention=[{"type": Mars, **MARS}], frozen=("flow",))


def test_teacher_stays_and_is_not_read_at_test():
    model = build().train()
    state = {name: value.clone() for name, value in model.encoders["flow"].state_dict().items()}
    losses = compute_losses(model, make_batch({"rgb": [True, True], "flow": [True, True]}))
    assert set(losses) == {"loss_rgb", "loss_mars"}
    losses["loss_mars"].backward()
    assert all((parameter.grad != 0).any() for parameter in model.encoders["rgb"].norm.parameters())
    assert all(torch.equal(state[name], value) for name, value in model.encoders["flow"].state_dict().items())
    batch = make_batch({"rgb": [True, True]})
    with torch.no_grad():
        logits = model.eval()(**model.data_preprocessor(batch, False))
    assert set(logits) == {"rgb"}


def test_vectors_of_other_length_are_refused():
    shapes = {**SHAPES, "flow": FeatureShape("BCT", (5, 3))}
    with pytest.raises(InputError, match=r"vectors of 'rgb' and 'flow' of Mars must have one length, got \[4, 5\]"):
        Mars(shapes=shapes, **MARS)
