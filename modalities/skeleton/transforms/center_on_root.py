"""Step that removes the position of the body."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class CenterOnRoot:
    """Shift each sample so that its root joint is at the origin when it is first visible.

    One shift serves all times and persons, so that paths and relative positions are kept.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        return points - root_anchor(points, visible, layout), visible


def root_anchor(points: Tensor, visible: Tensor, layout: Layout) -> Tensor:
    """Return the first visible root joint of each sample, or the mean of its visible joints if no root is.

    Of several persons at the first time, the first counts.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B, 1, 1, 1, C]``.
    """
    roots = points[..., layout.root, :].transpose(1, 2).flatten(1, 2)  # [B, T·M, C]
    root_visible = visible[..., layout.root].transpose(1, 2).flatten(1, 2)  # [B, T·M]
    first = root_visible.to(torch.uint8).argmax(1)  # the first of equal maxima
    root = roots[torch.arange(len(roots), device=roots.device), first]
    # an exported graph cannot branch; the mean, where it is not needed, costs time but changes nothing
    if not torch.compiler.is_exporting() and root_visible.any(1).all():
        return root[:, None, None, None]
    mean = (points * visible[..., None]).sum((1, 2, 3)) / visible.sum((1, 2, 3)).clamp(min=1)[:, None]
    return torch.where(root_visible.any(1)[:, None], root, mean)[:, None, None, None]
