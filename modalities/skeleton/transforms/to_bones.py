"""Step from joints to bones."""

from __future__ import annotations

from torch import Tensor

from triad.modalities.device_constants import device_constant
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ToBones:
    """Replace each joint by joint minus parent, the root by 0.

    After Shi et al. 2019, Two-Stream Adaptive Graph Convolutional Networks. A bone is visible where both its ends are.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        own = tuple(parent if parent >= 0 else joint for joint, parent in enumerate(layout.parents))
        parents = device_constant(own, points.device)
        return points - points[..., parents, :], visible & visible[..., parents]
