"""Step from positions to their motion."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ToMotion:
    """Replace each time by next time minus this one, the last by 0.

    After Shi et al. 2020, Multi-Stream Adaptive Graph Convolutional Networks. A motion is visible where both its ends
    are.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        motion = torch.cat([points[:, :, 1:] - points[:, :, :-1], torch.zeros_like(points[:, :, :1])], 2)
        both = torch.cat([visible[:, :, 1:] & visible[:, :, :-1], torch.zeros_like(visible[:, :, :1])], 2)
        return motion, both
