"""Step that removes the size of the body and its distance from the camera."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ScaleByTorso:
    """Divide each sample by the median length of its torsos; a sample without a complete torso is unchanged."""

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        return points / torso_length(points, visible, layout).view(-1, 1, 1, 1, 1), visible


def torso_length(points: Tensor, visible: Tensor, layout: Layout) -> Tensor:
    """Return the median torso length of each sample; 1 where no torso is complete.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B]``.
    """
    first_end, second_end = (points[..., list(group), :].mean(-2) for group in layout.torso)
    complete = visible[..., [*layout.torso[0], *layout.torso[1]]].all(-1)  # [B, M, T]
    lengths = (first_end - second_end).norm(dim=-1).masked_fill(~complete, torch.inf).flatten(1).sort(1).values
    middle = (complete.flatten(1).sum(1, keepdim=True) - 1) // 2  # the lower of two; −1 where there is none
    length = lengths.gather(1, middle.clamp(min=0))[:, 0]  # [B]
    return torch.where((length > 0) & (middle[:, 0] >= 0), length, torch.ones_like(length))
