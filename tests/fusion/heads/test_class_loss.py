from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from triad.fusion.heads import ClassLoss
from triad.fusion.heads.class_loss import class_weights, log_prior
from triad.modalities.checks import InputError

COUNTS = [6, 3, 1]


def make_loss(counts=COUNTS, **options) -> ClassLoss:
    loss = ClassLoss(num_classes=len(counts), **options)
    loss.set_class_counts(counts)
    return loss


def test_logit_adjustment_by_hand():
    """With equal logits the softmax is the class shares 0.6, 0.3 and 0.1."""
    loss = make_loss(logit_adjustment=1.0)
    losses = [loss(torch.zeros(1, 3), torch.tensor([label])).item() for label in range(3)]
    assert losses == pytest.approx([-math.log(0.6), -math.log(0.3), -math.log(0.1)])
    # logits 0, log 2, log 6 times the shares: 0.6, 0.6, 0.6
    even = torch.tensor([[0.0, math.log(2), math.log(6)]])
    assert loss(even, torch.tensor([2])).item() == pytest.approx(math.log(3))
    # tau = 2 squares the shares: 0.36, 0.09, 0.01 of 0.46
    twice = make_loss(logit_adjustment=2.0)(torch.zeros(1, 3), torch.tensor([1]))
    assert twice.item() == pytest.approx(-math.log(0.09 / 0.46))


def test_class_weights_by_hand():
    """1 / 6, 1 / 3 and 1, times 10 samples over 3 classes: every class weighs 10 / 3 in all."""
    weights = class_weights(torch.tensor(COUNTS, dtype=torch.float64), power=1.0)
    assert weights.tolist() == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    half = class_weights(torch.tensor([4.0, 1.0]), power=0.5)  # 1/2 and 1, times 5 / (4/2 + 1)
    assert half.tolist() == pytest.approx([5 / 6, 5 / 3])
    labels, logits = torch.tensor([0, 1, 2]), torch.zeros(3, 3)
    expected = (10 / 18 + 10 / 9 + 10 / 3) / 3 * math.log(3)
    assert make_loss(class_weighting=1.0)(logits, labels).item() == pytest.approx(expected)


def test_equally_hard_samples_keep_their_mean():
    labels = torch.tensor([0] * 6 + [1] * 3 + [2])
    assert make_loss(class_weighting=1.0)(torch.zeros(10, 3), labels).item() == pytest.approx(math.log(3))


@pytest.mark.parametrize("option", ["class_weighting", "logit_adjustment"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_balanced_classes_keep_the_loss(option, smoothing):
    logits = torch.randn(12, 3, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(12) % 3
    plain = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    loss = make_loss([7, 7, 7], **{option: 1.0}, label_smoothing=smoothing)(logits, labels)
    assert loss.item() == pytest.approx(plain.item(), rel=1e-6)


def test_label_smoothing_by_hand():
    """0.1 is spread over three classes; the sample has the weight of its class."""
    logits, label = torch.log(torch.tensor([[0.5, 0.3, 0.2]])), torch.tensor([2])
    smoothed = -(0.9 * math.log(0.2) + 0.1 / 3 * math.log(0.5 * 0.3 * 0.2))
    weighted = make_loss(class_weighting=1.0, label_smoothing=0.1)(logits, label)
    assert weighted.item() == pytest.approx(10 / 3 * smoothed)
    adjusted = make_loss(logit_adjustment=1.0, label_smoothing=0.1)(logits, label)
    shares = [0.30 / 0.41, 0.09 / 0.41, 0.02 / 0.41]
    assert adjusted.item() == pytest.approx(-(0.9 * math.log(shares[2]) + 0.1 / 3 * math.log(math.prod(shares))))


def test_unlabelled_samples_do_not_count():
    loss = make_loss(class_weighting=1.0)
    logits = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    assert loss(logits, torch.tensor([1, -1])).item() == pytest.approx(loss(logits[:1], torch.tensor([1])).item())
    assert loss(logits, torch.tensor([-1, -1])).item() == 0


def test_empty_class_counts_as_rarest():
    counts = torch.tensor([3.0, 1.0, 0.0])
    assert log_prior(counts).exp().tolist() == pytest.approx([0.75, 0.25, 0.25])
    assert class_weights(counts, power=1.0).tolist() == pytest.approx([2 / 3, 2, 2])
    smoothed = make_loss([3, 1, 0], logit_adjustment=1.0, label_smoothing=0.1)
    assert math.isfinite(smoothed(torch.zeros(1, 3), torch.tensor([0])).item())


def test_loss_has_no_state():
    assert not make_loss(class_weighting=1.0).state_dict()


def test_wrong_arguments_are_refused():
    with pytest.raises(InputError, match=r"must have the class counts of training, got none; add .*ClassCountsHook"):
        ClassLoss(num_classes=3, logit_adjustment=1.0)(torch.zeros(1, 3), torch.tensor([0]))
    with pytest.raises(InputError, match="class counts must be 3, one a class of the model, got 2"):
        ClassLoss(num_classes=3).set_class_counts([1, 2])
    with pytest.raises(InputError, match="class counts must be above 0 somewhere, got no labelled sample"):
        ClassLoss(num_classes=2).set_class_counts([0, 0])
    with pytest.raises(InputError, match=r"class_weighting must lie between 0 .* and 1 .*, got -1"):
        ClassLoss(num_classes=3, class_weighting=-1)
    with pytest.raises(InputError, match=r"logit_adjustment must be 0 \(none\) or more; 1 is usual, got -1"):
        ClassLoss(num_classes=3, logit_adjustment=-1)
