"""Step that removes handedness."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.device_constants import device_constant
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.root_anchor import root_anchor


@TRANSFORMS.register_module()
class MirrorLeftHanded:
    """Mirror each sample whose left side moves more than its right, so that actions are done with the right hand.

    The movement of a side is the mean distance of its joints from their mean positions. The mirror is upright through
    the root joint and negates x, so align the view first. For classes that do not depend on the side, with too few
    samples to show both sides of each.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> the same.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        left, right = (device_constant(side, points.device) for side in zip(*layout.mirror, strict=True))
        movement = _joint_movement(points, visible)  # [B, V]
        mirrored = (movement[:, left].sum(1) > movement[:, right].sum(1)).view(-1, 1, 1, 1)
        swap = device_constant(layout.mirror_index, points.device)
        sign = device_constant((-1.0, *[1.0] * (points.shape[-1] - 1)), points.device, points.dtype)
        root = root_anchor(points, visible, layout)
        image = (points[..., swap, :] - root) * sign + root
        image_visible = visible[..., swap]
        image = torch.where(image_visible[..., None], image, 0.0)  # missing joints stay 0
        return torch.where(mirrored[..., None], image, points), torch.where(mirrored, image_visible, visible)


def _joint_movement(points: Tensor, visible: Tensor) -> Tensor:
    """Return each joint's mean distance from its mean position, summed over persons, in metres or pixels ``[B, V]``."""
    weight = visible[..., None].to(points)
    mean = (points * weight).sum(2, keepdim=True) / weight.sum(2, keepdim=True).clamp(min=1)
    distance = (points - mean).norm(dim=-1) * weight[..., 0]  # [B, M, T, V]
    return (distance.sum(2) / weight[..., 0].sum(2).clamp(min=1)).sum(1)
