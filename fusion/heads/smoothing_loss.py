"""Loss of scores that jump from one time to the next."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

MAX_SQUARE = 16.0
"""Largest squared difference of log-probabilities that counts, τ² with τ = 4."""


def truncated_smoothing_loss(logits: Tensor, valid: Tensor, *, multi_label: bool) -> Tensor:
    """Return the truncated mean squared error of the log-probabilities of neighbouring times.

    ``mean min((log p_t − log p_{t−1})², 16)`` over classes and pairs of valid times, without a gradient of
    ``log p_{t−1}``. Y. Abu Farha & J. Gall (2019), "MS-TCN: multi-stage temporal convolutional network for action
    segmentation", eq. 9 to 11; they weigh it by 0.15.

    Args:
        logits: scores of each time.
        valid: mask of valid times.
        multi_label: whether they are logits of sigmoids instead of a softmax.

    Shapes: ``[B, K, T]``, bool ``[B, T]`` -> ``[]``; 0 where no two neighbouring times are valid.
    """
    log_probabilities = F.logsigmoid(logits) if multi_label else F.log_softmax(logits, dim=1)
    differences = log_probabilities[:, :, 1:] - log_probabilities[:, :, :-1].detach()
    squares = differences.square().clamp(max=MAX_SQUARE).mean(dim=1)  # [B, T − 1]
    both_valid = (valid[:, 1:] & valid[:, :-1]).to(squares.dtype)
    return (squares * both_valid).sum() / both_valid.sum().clamp(min=1)
