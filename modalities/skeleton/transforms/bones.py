"""Bones: where a joint lies from its parent."""

from __future__ import annotations

from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ToBones:
    """Joint minus parent; the root has none (Shi et al. 2019, Two-Stream Adaptive Graph Convolutional Networks).

    A bone is seen when both its ends are.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        parents = [parent if parent >= 0 else joint for joint, parent in enumerate(layout.parents)]
        return points - points[..., parents, :], seen & seen[..., parents]
