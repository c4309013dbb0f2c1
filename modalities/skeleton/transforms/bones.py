"""Bones: where a joint lies from its parent."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ToBones:
    """Joint minus parent; the root has none (Shi et al. 2019, Two-Stream Adaptive Graph Convolutional Networks).

    A bone is seen when both its ends are.
    """

    def __call__(self, data: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        points = data[..., : layout.dims]
        parents = [parent if parent >= 0 else joint for joint, parent in enumerate(layout.parents)]
        bones = points - points[..., parents, :]
        return torch.cat([bones, data[..., layout.dims :]], -1), seen & seen[..., parents]
