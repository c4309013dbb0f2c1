"""Motion: where a joint goes next."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ToMotion:
    """Next time minus this one, 0 at the last (Shi et al. 2020, Multi-Stream Adaptive Graph Convolutional Networks).

    A motion is seen when both its ends are.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        motion = torch.cat([points[:, :, 1:] - points[:, :, :-1], torch.zeros_like(points[:, :, :1])], 2)
        both = torch.cat([seen[:, :, 1:] & seen[:, :, :-1], torch.zeros_like(seen[:, :, :1])], 2)
        return motion, both
