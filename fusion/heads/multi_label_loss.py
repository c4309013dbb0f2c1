"""Sigmoid losses of samples that show several classes at once, or none."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import check_choice, fail

FOCAL_ALPHA = 0.25
FOCAL_GAMMA = 2.0
ASYMMETRIC_GAMMA = 4.0
"""Exponent of the negative classes; that of positive ones is 0."""
ASYMMETRIC_MARGIN = 0.05
"""Probability below which a negative class adds nothing."""


def binary_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the binary cross-entropy of every class. Shapes: ``[B, K]`` each -> ``[B, K]``."""
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def focal_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Return ``−α_t (1 − p_t)^γ log p_t`` of every class, α = 0.25 and γ = 2.

    T.-Y. Lin et al. (2017), "Focal loss for dense object detection".

    Shapes: ``[B, K]`` each -> ``[B, K]``.
    """
    probabilities = logits.sigmoid()
    wrong = probabilities * (1 - targets) + (1 - probabilities) * targets
    alpha = FOCAL_ALPHA * targets + (1 - FOCAL_ALPHA) * (1 - targets)
    return alpha * wrong**FOCAL_GAMMA * binary_cross_entropy(logits, targets)


def asymmetric_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Return ``−log p`` of the positive classes and ``−p_m^γ log(1 − p_m)`` of the negative ones, γ = 4.

    ``p_m = max(p − m, 0)`` with m = 0.05, so that easy negatives add nothing. T. Ridnik et al. (2021), "Asymmetric loss
    for multi-label classification".

    Shapes: ``[B, K]`` each -> ``[B, K]``.
    """
    shifted = (logits.sigmoid() - ASYMMETRIC_MARGIN).clamp(min=0)
    negative = -(shifted**ASYMMETRIC_GAMMA) * (1 - shifted).log()
    return targets * -F.logsigmoid(logits) + (1 - targets) * negative


MULTI_LABEL_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "bce": binary_cross_entropy,
    "focal": focal_loss,
    "asymmetric": asymmetric_loss,
}


class MultiLabelLoss(nn.Module):
    """Sum of a sigmoid loss over the classes, mean over the labelled samples of a batch.

    Args:
        loss: ``bce``, ``focal`` or ``asymmetric``.

    Shapes: logits ``[B, K]``, labels ``[B, K]`` of 0 and 1 (−1: unlabelled) -> ``[]``; 0 where nothing is labelled.

    Raises:
        InputError: for another name; on use, for labels of one class.
    """

    def __init__(self, loss: str) -> None:
        super().__init__()
        self.loss = check_choice("multi-label loss", loss, MULTI_LABEL_LOSSES)

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        if labels.ndim != 2:
            cure = "set multi_label=True in the datasets of the config"
            fail(f"labels with loss='{self.loss}'", "say of each class whether a sample shows it", "one class", cure)
        labelled = (labels >= 0).all(dim=1)
        targets = labels.clamp(min=0).to(logits.dtype)
        losses = MULTI_LABEL_LOSSES[self.loss](logits, targets).sum(dim=1)  # [B]
        return (losses * labelled).sum() / labelled.sum().clamp(min=1)
