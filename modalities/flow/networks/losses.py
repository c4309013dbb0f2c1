"""What flow networks learn by: the error of every one of their flows, from rough to fine."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from modalities.checks import fail

FAR = 400.0
"""Pixels; a faster vector is not learned from, as in RAFT's official training."""


def sequence_loss(flows: Sequence[Tensor], truth: Tensor, known: Tensor, *, gamma: float = 0.8) -> Tensor:
    """Mean absolute error of every refinement, the last counting 1, the one before ``gamma``, and so on.

    Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow, eq. 7.

    Shapes: flows and truth ``[B, 2, H, W]``, known bool ``[B, H, W]``.
    """
    counts = (known & (truth.norm(dim=1) < FAR)).unsqueeze(1)  # [B, 1, H, W]
    weights = [gamma ** (len(flows) - 1 - step) for step in range(len(flows))]
    errors = [weight * ((flow - truth).abs() * counts).sum() for weight, flow in zip(weights, flows, strict=True)]
    return torch.stack(errors).sum() / (2 * counts.sum()).clamp(min=1)


def multiscale_loss(flows: Sequence[Tensor], truth: Tensor, known: Tensor, *, weights: Sequence[float]) -> Tensor:
    """Mean end-point error of every scale against the truth averaged down to it, weighed.

    Dosovitskiy et al. 2015, FlowNet: Learning Optical Flow with Convolutional Networks, §4.

    Args:
        flows: from rough to fine, ``[B, 2, h, w]`` each.
        truth: ``[B, 2, H, W]``.
        known: bool ``[B, H, W]``; where it is not, a cell's average leaves it out.
        weights: of the scales, as many as flows.

    Raises:
        InputError: if there are more or fewer weights than flows.
    """
    if len(weights) != len(flows):
        fail("weights of the multi-scale loss", f"be {len(flows)}, one a scale", list(weights))
    share = (known & (truth.norm(dim=1) < FAR)).unsqueeze(1).to(truth)  # [B, 1, H, W]
    total = truth.new_zeros(())
    for flow, weight in zip(flows, weights, strict=True):
        size = (flow.shape[-2], flow.shape[-1])
        seen = F.adaptive_avg_pool2d(share, size)  # [B, 1, h, w]
        mean = F.adaptive_avg_pool2d(truth * share, size) / seen.clamp(min=1e-6)
        error = torch.sqrt((flow.float() - mean).square().sum(1, keepdim=True) + 1e-8)
        total = total + weight * (error * seen).sum() / seen.sum().clamp(min=1e-6)
    return total
