"""How large the body is, or how near it stands, does not matter."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ScaleByTorso:
    """Divide each sample by the median length of its torsos; one never seen whole is left as it is."""

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        return points / torso_length(points, seen, layout).view(-1, 1, 1, 1, 1), seen


def torso_length(points: Tensor, seen: Tensor, layout: Layout) -> Tensor:
    """The median length of a sample's torsos; 1 where none is seen whole.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B]``.
    """
    one, other = (points[..., list(group), :].mean(-2) for group in layout.torso)
    whole = seen[..., [*layout.torso[0], *layout.torso[1]]].all(-1)  # [B, M, T]
    lengths = (one - other).norm(dim=-1).masked_fill(~whole, torch.inf).flatten(1).sort(1).values
    middle = (whole.flatten(1).sum(1, keepdim=True) - 1) // 2  # the lower one of two; −1 where there is none
    length = lengths.gather(1, middle.clamp(min=0))[:, 0]  # [B]
    return torch.where((length > 0) & (middle[:, 0] >= 0), length, torch.ones_like(length))
