"""Cross-entropy for classes with unequal numbers of samples."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import fail


class ClassLoss(nn.Module):
    """Cross-entropy over the labelled samples of a batch, with class weights, logit adjustment, or both.

    - ``class_weighting`` p: a sample of class c has weight ``n_c^-p``, scaled to a mean of 1 over the training samples.
      Balanced classes, and p = 0, leave the loss unchanged; 1 gives every class the same weight, ½ lies between.
    - ``logit_adjustment`` τ: the loss is computed on ``logits + τ log π``, π being the class shares in training; tests
      use the logits themselves. A. K. Menon et al. (2021), "Long-tail learning via logit adjustment", eq. 10; τ = 1 is
      consistent with the mean class accuracy.

    ``ClassCountsHook`` sets the class counts of the training samples (:meth:`set_class_counts`), never those of
    validation or test. They are not part of a checkpoint. A class without a sample counts as the rarest.

    Args:
        num_classes: number of classes ``K``.
        label_smoothing: share of a target that is spread over all classes, 0–1.
        class_weighting: exponent p, 0–1.
        logit_adjustment: factor τ, at least 0.

    Shapes: logits ``[B, K]``, labels int ``[B]`` (−1: unlabelled) -> ``[]``; 0 where nothing is labelled.

    Raises:
        InputError: for an option out of range; on use, without the class counts that it needs.
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
            must = "lie between 0 (equal weights of samples) and 1 (equal weights of classes)"
            fail("class_weighting", must, class_weighting)
        if logit_adjustment < 0:
            fail("logit_adjustment", "be 0 (none) or more; 1 is usual", logit_adjustment)
        self.label_smoothing = label_smoothing
        self.class_weighting = class_weighting
        self.logit_adjustment = logit_adjustment
        self.has_counts = False
        self.register_buffer("weights", torch.ones(num_classes), persistent=False)
        self.register_buffer("adjustment", torch.zeros(num_classes), persistent=False)

    @property
    def needs_counts(self) -> bool:
        return bool(self.class_weighting or self.logit_adjustment)

    def set_class_counts(self, counts: Sequence[float]) -> None:
        """Set the number of training samples of each class.

        Raises:
            InputError: without one count a class, or without a count above 0.
        """
        if len(counts) != len(self.weights):
            fail("class counts", f"be {len(self.weights)}, one a class of the model", len(counts))
        if not any(count > 0 for count in counts):
            fail("class counts", "be above 0 somewhere", "no labelled sample")
        numbers = torch.as_tensor(counts, dtype=torch.float64)
        self.weights.copy_(class_weights(numbers, power=self.class_weighting))
        self.adjustment.copy_(self.logit_adjustment * log_prior(numbers))
        self.has_counts = True

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        if self.needs_counts and not self.has_counts:
            cure = "add dict(type=ClassCountsHook) to custom_hooks, as configs/_base_/runtime.py does"
            fail("class_weighting and logit_adjustment", "have the class counts of training", "none", cure)
        if labels.ndim != 1:
            cure = "set loss='bce', or leave multi_label out of the datasets"
            fail("labels of the cross-entropy", "be one class a sample", f"{labels.shape[1]} for each", cure)
        labelled = labels >= 0
        target = labels.clamp(min=0)
        adjusted = logits + self.adjustment if self.logit_adjustment else logits
        losses = F.cross_entropy(adjusted, target, reduction="none", label_smoothing=self.label_smoothing)  # [B]
        if self.class_weighting:
            losses = losses * self.weights[target]
        return (losses * labelled).sum() / labelled.sum().clamp(min=1)


def class_weights(counts: Tensor, *, power: float) -> Tensor:
    """Return ``n_c^-power``, scaled to a mean of 1 over the samples: ``Σ n_c w_c = Σ n_c``. ``[K]`` -> ``[K]``."""
    powered = _at_least_rarest(counts) ** -power
    return powered * counts.sum() / (counts * powered).sum()


def log_prior(counts: Tensor) -> Tensor:
    """Return ``log π_c``, ``π_c = n_c / Σ n``. ``[K]`` -> ``[K]``."""
    return (_at_least_rarest(counts) / counts.sum()).log()


def _at_least_rarest(counts: Tensor) -> Tensor:
    return counts.clamp(min=counts[counts > 0].min())
