"""Place of a body, which steps and augmentations move it about."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.skeleton.layouts import Layout


def root_anchor(points: Tensor, visible: Tensor, layout: Layout) -> Tensor:
    """Return the first visible root joint of each sample, or the mean of its visible joints if no root is.

    Of several persons at the first time, the first counts.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B, 1, 1, 1, C]``.
    """
    roots = points[..., layout.root, :].transpose(1, 2).flatten(1, 2)  # [B, T·M, C]
    root_visible = visible[..., layout.root].transpose(1, 2).flatten(1, 2)  # [B, T·M]
    first = root_visible.to(torch.uint8).argmax(1, keepdim=True)  # the first of equal maxima
    root = roots.gather(1, first[..., None].expand(-1, -1, roots.shape[-1]))[:, 0]
    # the mean of all, also where no sample needs it: to find that out would wait for the device
    weight = visible.flatten(1)[:, None].to(points)  # [B, 1, M·T·V]
    mean = (weight @ points.flatten(1, 3))[:, 0] / weight.sum(2).clamp(min=1)
    return torch.where(root_visible.any(1)[:, None], root, mean)[:, None, None, None]
