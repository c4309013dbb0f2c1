"""Losses over all flows that a network returns, from coarse to fine."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from triad.modalities.checks import fail

MAX_FLOW = 400.0
"""Pixels; faster vectors are left out of the loss, as in RAFT's official training."""


def sequence_loss(flows: Sequence[Tensor], truth: Tensor, *, gamma: float = 0.8) -> Tensor:
    """Return the weighted sum of the mean absolute errors of all refinements.

    The last refinement has weight 1, the one before it ``gamma``, the one before that ``gamma**2`` and so on.
    Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow, eq. 7.

    Shapes: flows and truth ``[B, 2, H, W]``.
    """
    valid = _is_valid(truth)
    weights = [gamma ** (len(flows) - 1 - step) for step in range(len(flows))]
    errors = [weight * ((flow - truth).abs() * valid).sum() for weight, flow in zip(weights, flows, strict=True)]
    return torch.stack(errors).sum() / (2 * valid.sum()).clamp(min=1)


def multiscale_loss(flows: Sequence[Tensor], truth: Tensor, *, weights: Sequence[float]) -> Tensor:
    """Return the weighted sum of the mean end-point errors of all scales against the averaged true flow.

    Dosovitskiy et al. 2015, FlowNet: Learning Optical Flow with Convolutional Networks, §4.

    Args:
        flows: estimated flows from coarse to fine, ``[B, 2, h, w]`` each.
        truth: true flow, ``[B, 2, H, W]``.
        weights: weights of the scales, one for each flow.

    Raises:
        InputError: If the number of weights is not the number of flows.
    """
    if len(weights) != len(flows):
        fail("weights of the multi-scale loss", f"be {len(flows)}, one per scale", list(weights))
    valid = _is_valid(truth).to(truth)
    total = truth.new_zeros(())
    for flow, weight in zip(flows, weights, strict=True):
        size = (flow.shape[-2], flow.shape[-1])
        valid_ratio = F.adaptive_avg_pool2d(valid, size)  # [B, 1, h, w]
        mean = F.adaptive_avg_pool2d(truth * valid, size) / valid_ratio.clamp(min=1e-6)
        error = torch.sqrt((flow.float() - mean).square().sum(1, keepdim=True) + 1e-8)
        total = total + weight * (error * valid_ratio).sum() / valid_ratio.sum().clamp(min=1e-6)
    return total


def _is_valid(truth: Tensor) -> Tensor:
    """Return which vectors count. Shapes: ``[B, 2, H, W]`` -> bool ``[B, 1, H, W]``."""
    return (truth.norm(dim=1) < MAX_FLOW).unsqueeze(1)
