"""With which hand something is done does not matter."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.center import anchor_of


@TRANSFORMS.register_module()
class MirrorLeftHanded:
    """Mirror each sample whose left side moves more than its right, so that whoever drinks does so with the right hand.

    A side moves as far as its joints stray from their mean places. The mirror stands upright at the root joint and
    negates x, so align the view first. For classes that do not tell left from right, and too few samples to show both
    of each.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> the same.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        left, right = (list(side) for side in zip(*layout.mirror, strict=True))
        stray = _stray(points, seen)  # [B, V]
        mirrored = (stray[:, left].sum(1) > stray[:, right].sum(1)).view(-1, 1, 1, 1)
        swap = list(layout.mirror_index)
        sign = torch.ones(points.shape[-1], device=points.device).index_fill(0, torch.tensor(0).to(points.device), -1.0)
        root = anchor_of(points, seen, layout)
        image = (points[..., swap, :] - root) * sign + root
        seen_image = seen[..., swap]
        image = torch.where(seen_image[..., None], image, 0.0)  # lost joints stay 0
        return torch.where(mirrored[..., None], image, points), torch.where(mirrored, seen_image, seen)


def _stray(points: Tensor, seen: Tensor) -> Tensor:
    """How far each joint is from its mean place on average, metres or pixels; ``[B, V]``, over all persons."""
    weight = seen[..., None].to(points)
    mean = (points * weight).sum(2, keepdim=True) / weight.sum(2, keepdim=True).clamp(min=1)
    far = (points - mean).norm(dim=-1) * weight[..., 0]  # [B, M, T, V]
    return (far.sum(2) / weight[..., 0].sum(2).clamp(min=1)).sum(1)
