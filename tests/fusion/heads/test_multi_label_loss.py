"""Sigmoid losses by hand."""

from __future__ import annotations

import math

import pytest
import torch

from triad.fusion.heads import ClassLoss, MultiLabelLoss, build_loss
from triad.modalities.checks import InputError

OPTIONS = {"num_classes": 2, "label_smoothing": 0.0, "class_weighting": 0.0, "logit_adjustment": 0.0}
LOGITS = torch.tensor([[math.log(3.0), 0.0]])  # probabilities 3/4 and 1/2


@pytest.mark.parametrize(
    ("loss", "labels", "value"),
    [
        ("bce", [1, 0], -math.log(0.75) - math.log(0.5)),
        ("bce", [0, 0], -math.log(0.25) - math.log(0.5)),
        ("focal", [1, 0], -0.25 * 0.25**2 * math.log(0.75) - 0.75 * 0.5**2 * math.log(0.5)),
        ("asymmetric", [1, 0], -math.log(0.75) - 0.45**4 * math.log(0.55)),
        ("asymmetric", [0, 1], -(0.7**4) * math.log(0.3) - math.log(0.5)),
    ],
)
def test_hand_made_values(loss, labels, value):
    assert MultiLabelLoss(loss)(LOGITS, torch.tensor([labels])).item() == pytest.approx(value, rel=1e-5)


def test_easy_negatives_add_nothing():
    logits = torch.full((1, 3), -4.0, requires_grad=True)  # probability 0.018, below the margin
    value = MultiLabelLoss("asymmetric")(logits, torch.zeros(1, 3))
    value.backward()
    assert value.item() == 0
    assert logits.grad is not None
    assert not logits.grad.any()


@pytest.mark.parametrize("loss", ["bce", "focal", "asymmetric"])
def test_unlabelled_samples_do_not_count(loss):
    criterion = MultiLabelLoss(loss)
    labels = torch.tensor([[1, 0], [-1, -1]])
    both = criterion(torch.cat([LOGITS, 9 * LOGITS]), labels)
    assert both.item() == pytest.approx(criterion(LOGITS, labels[:1]).item())
    assert criterion(LOGITS, labels[1:]).item() == 0


@pytest.mark.parametrize("loss", ["bce", "focal", "asymmetric"])
def test_extreme_logits_stay_finite(loss):
    logits = torch.tensor([[1e4, -1e4, 1e4, -1e4]], requires_grad=True)
    value = MultiLabelLoss(loss)(logits, torch.tensor([[1, 1, 0, 0]]))
    value.backward()
    assert torch.isfinite(value)
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


def test_loss_by_name():
    assert isinstance(build_loss("cross_entropy", **OPTIONS), ClassLoss)
    assert isinstance(build_loss("focal", **OPTIONS), MultiLabelLoss)
    with pytest.raises(InputError, match=r"Recognizer.loss must be one of asymmetric, bce.*did you mean 'focal'"):
        build_loss("focall", **OPTIONS)
    with pytest.raises(InputError, match=r"Recognizer.loss must be one of .*, got '3'"):
        build_loss(3, **OPTIONS)  # type: ignore[arg-type]  # as an option of the command line may be
    with pytest.raises(InputError, match=r"Recognizer.class_weighting must be 0 with loss='bce', got 0.5"):
        build_loss("bce", **{**OPTIONS, "class_weighting": 0.5})


def test_labels_must_fit_the_loss():
    with pytest.raises(InputError, match="say of each class whether a sample shows it, got one class; set multi_label"):
        MultiLabelLoss("bce")(LOGITS, torch.tensor([1]))
    with pytest.raises(InputError, match="labels of the cross-entropy must be one class a sample, got 2 for each"):
        build_loss("cross_entropy", **OPTIONS)(LOGITS, torch.tensor([[1, 0]]))
