"""The loss of a classifier whose classes are not equally many."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from modalities.checks import fail


class ClassLoss(nn.Module):
    """Cross-entropy over the labelled samples of a batch, weighted by class or with its prior taken out, or both.

    - ``class_weighting`` p: a sample counts ``n_c^-p``, scaled to a mean of 1 over the training samples. Balanced
      classes, and p = 0, leave the loss as it is; 1 lets every class count the same, ½ lies between.
    - ``logit_adjustment`` τ: the loss sees ``logits + τ log π``, π being the shares of the classes in training; what is
      tested are the logits themselves. A. K. Menon et al. (2021), "Long-tail learning via logit adjustment", eq. 10;
      τ = 1 is consistent with the mean class accuracy.

    The counts are those of what training shows (:meth:`set_class_counts`, by ``ClassCountsHook``), never of validation
    or test, and no part of a checkpoint. A class without a sample counts as the rarest.

    Args:
        num_classes: K.
        label_smoothing: share of a target spread over all classes, 0–1.
        class_weighting: p, 0–1.
        logit_adjustment: τ, at least 0.

    Shapes: logits ``[B, K]``, labels int ``[B]`` (−1: unlabelled) -> ``[]``; 0 where nothing is labelled.

    Raises:
        InputError: if an option is out of range; on use, if it needs counts and has none.
    """

    weights: Tensor
    adjustment: Tensor

    def __init__(
        self,
        *,
        num_classes: int,
        label_smoothing: float = 0.0,
        class_weighting: float = 0.0,
        logit_adjustment: float = 0.0,
    ) -> None:
        super().__init__()
        if not 0 <= class_weighting <= 1:
            fail("class_weighting", "lie between 0 (samples count the same) and 1 (classes do)", class_weighting)
        if logit_adjustment < 0:
            fail("logit_adjustment", "be 0 (none) or more; 1 is usual", logit_adjustment)
        self.label_smoothing = label_smoothing
        self.class_weighting = class_weighting
        self.logit_adjustment = logit_adjustment
        self.counted = False
        self.register_buffer("weights", torch.ones(num_classes), persistent=False)
        self.register_buffer("adjustment", torch.zeros(num_classes), persistent=False)

    @property
    def needs_counts(self) -> bool:
        return bool(self.class_weighting or self.logit_adjustment)

    def set_class_counts(self, counts: Sequence[float]) -> None:
        """Learn how many samples of each class training shows.

        Raises:
            InputError: if there is not one count a class, or none above 0.
        """
        if len(counts) != len(self.weights):
            fail("class counts", f"be {len(self.weights)}, one a class of the model", len(counts))
        if not any(count > 0 for count in counts):
            fail("class counts", "be above 0 somewhere", "no labelled sample")
        numbers = torch.as_tensor(counts, dtype=torch.float64)
        self.weights.copy_(class_weights(numbers, power=self.class_weighting))
        self.adjustment.copy_(self.logit_adjustment * log_prior(numbers))
        self.counted = True

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        if self.needs_counts and not self.counted:
            cure = "add dict(type=ClassCountsHook) to custom_hooks, as configs/_base_/runtime.py does"
            fail("class_weighting and logit_adjustment", "know the class counts of training", "none", cure)
        known = labels >= 0
        target = labels.clamp(min=0)
        adjusted = logits + self.adjustment if self.logit_adjustment else logits
        each = F.cross_entropy(adjusted, target, reduction="none", label_smoothing=self.label_smoothing)  # [B]
        if self.class_weighting:
            each = each * self.weights[target]
        return (each * known).sum() / known.sum().clamp(min=1)


def class_weights(counts: Tensor, *, power: float) -> Tensor:
    """``n_c^-power``, scaled to a mean of 1 over the samples: ``Σ n_c w_c = Σ n_c``. ``[K]`` -> ``[K]``."""
    powered = _at_least_the_rarest(counts) ** -power
    return powered * counts.sum() / (counts * powered).sum()


def log_prior(counts: Tensor) -> Tensor:
    """``log π_c``, ``π_c = n_c / Σ n``. ``[K]`` -> ``[K]``."""
    return (_at_least_the_rarest(counts) / counts.sum()).log()


def _at_least_the_rarest(counts: Tensor) -> Tensor:
    return counts.clamp(min=counts[counts > 0].min())
