"""The sample's one view, as skeletons see it."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.center import anchor_of


def apply_view(
    points: Tensor, seen: Tensor, layout: Layout, *, matrix: Tensor, flip: Tensor, rotate: Tensor
) -> tuple[Tensor, Tensor]:
    """Joints as seen through each sample's view; lost joints stay 0.

    ``rotate`` turns the scene about the vertical axis through the root joint. Without depth (2D layouts) a body is
    taken as flat and facing the camera: it becomes narrower. Pixels then go where the matrix sends the pixels of the
    frame; metres (3D layouts) do not feel a crop, a mirror negates their x. A mirror makes left joints of right ones.

    Args:
        points: joints, 0 where they were not seen.
        seen: which of them were.
        layout: their layout.
        matrix: ``View.matrix`` of each sample, canvas to output pixels, mirror included, ``[B, 2, 3]``.
        flip: whether the view is a mirror image, bool ``[B]``.
        rotate: radians, ``[B]``; 0 changes nothing.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> the same.
    """
    points = _turn(points, anchor_of(points, seen, layout), rotate.to(points))
    if layout.dims == 2:
        matrix = matrix.to(points)[:, None, None]  # [B, 1, 1, 2, 3]
        moved = points @ matrix[..., :2].mT + matrix[..., 2][..., None, :]
    else:
        moved = torch.cat([torch.where(_per_sample(flip), -points[..., :1], points[..., :1]), points[..., 1:]], -1)
    moved = moved * seen[..., None]
    swap = list(layout.mirror_index)
    points = torch.where(_per_sample(flip), moved[..., swap, :], moved)
    return points, torch.where(_per_sample(flip)[..., 0], seen[..., swap], seen)


def _turn(points: Tensor, anchor: Tensor, angle: Tensor) -> Tensor:
    cos, sin, zero, one = angle.cos(), angle.sin(), torch.zeros_like(angle), torch.ones_like(angle)
    turn = torch.stack([cos, zero, sin, zero, one, zero, -sin, zero, cos], -1).view(-1, 1, 1, 3, 3)
    dims = points.shape[-1]
    return (points - anchor) @ turn[..., :dims, :dims].mT + anchor


def _per_sample(values: Tensor) -> Tensor:
    return values[:, None, None, None, None]
