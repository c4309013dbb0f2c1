"""Where the body stands does not matter."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class CenterOnRoot:
    """Move each sample so that its root joint is at the origin when it is first seen.

    One shift for all times and persons: the way they go, and their places to each other, remain.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        return points - anchor_of(points, seen, layout), seen


def anchor_of(points: Tensor, seen: Tensor, layout: Layout) -> Tensor:
    """The root joint when it is first seen, of the first person then; the mean of all seen joints if it never is.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B, 1, 1, 1, C]``.
    """
    roots = points[..., layout.root, :].transpose(1, 2).flatten(1, 2)  # [B, T·M, C]
    root_seen = seen[..., layout.root].transpose(1, 2).flatten(1, 2)  # [B, T·M]
    first = root_seen.to(torch.uint8).argmax(1)  # the first of equal maxima
    root = roots[torch.arange(len(roots), device=roots.device), first]
    if not torch.compiler.is_exporting() and root_seen.any(1).all():  # a graph cannot ask; the others are as good
        return root[:, None, None, None]
    mean = (points * seen[..., None]).sum((1, 2, 3)) / seen.sum((1, 2, 3)).clamp(min=1)[:, None]
    return torch.where(root_seen.any(1)[:, None], root, mean)[:, None, None, None]
