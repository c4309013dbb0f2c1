"""Fused score of a sample: the mean of its streams, the joint head's, or that of one stream."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from triad.modalities.checks import check_choice

MEAN, JOINT = "mean", "joint"

Scores = Mapping[str, tuple[Tensor, Tensor]]
"""Logits ``[P, K]`` of each head and the samples that they belong to, int ``[P]``."""


def check_fused(fused: str | None, streams: list[str], has_joint_head: bool) -> str:
    """Return how the answer of a recognizer is made: by default the joint head's where there is one, else the mean.

    Raises:
        InputError: If no head has that name.
    """
    if fused is None:
        return JOINT if has_joint_head else MEAN
    choices = [*([MEAN] if streams else []), *([JOINT] if has_joint_head else []), *streams]
    return check_choice("Recognizer.fused", fused, choices)


def fused_score(fused: str, scores: Scores, size: int, num_classes: int, *, multi_label: bool = False) -> Tensor:
    """Return log-probabilities ``[B, K]``, uniform for samples without any score that counts.

    Of samples with several classes, the mean of the logits, which is the normalised product of the streams'
    probabilities of each class as the mean of log-probabilities is of one; 0 without any score.

    Args:
        fused: ``mean`` over the streams that a sample has, ``joint``, or the name of a stream.
        scores: logits of every head.
        size: number of samples B.
        num_classes: number of classes K.
        multi_label: whether a sample may show several classes.
    """
    counted = {name: score for name, score in scores.items() if (name != JOINT if fused == MEAN else name == fused)}
    device = next((logits.device for logits, _ in scores.values()), None)
    total = torch.zeros(size, num_classes, device=device)
    num_scores = torch.zeros(size, 1, device=device)
    for logits, rows in counted.values():
        total.index_add_(0, rows, logits.float() if multi_label else logits.float().log_softmax(-1))
        num_scores.index_add_(0, rows, torch.ones(len(rows), 1, device=device))
    mean = total / num_scores.clamp(min=1)
    return mean if multi_label else mean.log_softmax(-1)
