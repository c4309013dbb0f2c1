"""The sample's one view, as skeletons see it."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.base import seen_joints
from modalities.skeleton.transforms.center import anchor_of


def apply_view(data: Tensor, layout: Layout, *, matrix: Tensor, flip: Tensor, rotate: Tensor) -> Tensor:
    """Joints as seen through each sample's view; lost joints stay 0.

    Pixels (2D layouts) go where the matrix sends the pixels of the frame. Metres (3D layouts) do not feel a crop; a
    mirror negates x, and ``rotate`` turns the scene about the vertical axis through the root joint. A mirror makes
    left joints of right ones.

    Args:
        matrix: ``View.matrix`` of each sample, canvas to output pixels, mirror included, ``[B, 2, 3]``.
        flip: whether the view is a mirror image, bool ``[B]``.
        rotate: radians, ``[B]``; 0 changes nothing.

    Shapes: ``[B, M, T, V, C]`` -> ``[B, M, T, V, C]``.
    """
    seen = seen_joints(data, layout)[..., None]
    coordinates, scores = data[..., : layout.dims], data[..., layout.dims :]
    if layout.dims == 2:
        matrix = matrix.to(data)[:, None, None]  # [B, 1, 1, 2, 3]
        moved = coordinates @ matrix[..., :2].mT + matrix[..., 2][..., None, :]
    else:
        moved = _mirror_and_turn(coordinates, anchor_of(coordinates, seen[..., 0], layout), flip, rotate)
    viewed = torch.cat([moved * seen, scores], -1)
    mirrored = viewed[..., list(layout.mirror_index), :]
    return torch.where(flip[:, None, None, None, None], mirrored, viewed)


def _mirror_and_turn(points: Tensor, anchor: Tensor, flip: Tensor, rotate: Tensor) -> Tensor:
    cos, sin, zero, one = rotate.cos(), rotate.sin(), torch.zeros_like(rotate), torch.ones_like(rotate)
    turn = torch.stack([cos, zero, sin, zero, one, zero, -sin, zero, cos], -1).view(-1, 1, 1, 3, 3).to(points)
    side = torch.stack([1.0 - 2.0 * flip.to(points), *[torch.ones_like(rotate).to(points)] * 2], -1)[:, None, None, None]
    return ((points - anchor) @ turn.mT + anchor) * side
