"""Features of one stream brought to the samples of another, whose attention they drive."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.fusion.models import StreamFeatures


def match_rows(driving: StreamFeatures | None, driven: StreamFeatures) -> tuple[Tensor | None, Tensor]:
    """Return, for each sample of ``driven``, its position in ``driving`` and whether it is there.

    Shapes: int ``[P]``, 0 where it is not there, None if no sample has the driving stream; bool ``[P]``.
    """
    if driving is None:
        return None, torch.zeros_like(driven.rows, dtype=torch.bool)
    same_sample = driven.rows[:, None] == driving.rows[None]  # [P, Q]
    return same_sample.to(torch.uint8).argmax(1), same_sample.any(1)


def vectors_of(driving: StreamFeatures | None, driven: StreamFeatures) -> tuple[Tensor | None, Tensor]:
    """Return the vector of the driving stream for each sample of ``driven``, and whether it has one.

    Shapes: ``[P, C]``, arbitrary where the sample lacks the stream, None if no sample has it; bool ``[P]``.
    """
    positions, present = match_rows(driving, driven)
    if positions is None or driving is None:
        return None, present
    return driving.vector()[positions], present


def mean_of_present(values: Tensor, present: Tensor) -> Tensor:
    """Return the mean of the values that are present, 0 where none is: ``[P, …]``, bool ``[P, …]`` -> ``[]``."""
    return (values * present).sum() / present.sum().clamp(min=1)
