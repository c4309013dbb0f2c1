"""The sample's one view, as skeletons see it."""

from __future__ import annotations

import torch
from torch import Tensor

from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.affine import move, still
from modalities.skeleton.transforms.center import anchor_of


def apply_view(
    points: Tensor,
    seen: Tensor,
    layout: Layout,
    *,
    matrix: Tensor,
    flip: Tensor,
    rotate: Tensor,
    tilt: Tensor | None = None,
    roll: Tensor | None = None,
    scale: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Joints as seen through each sample's view; lost joints stay 0.

    The scene turns about the root joint as if the camera went round it (``rotate``), then up or down (``tilt``), then
    rolled (``roll``); ``scale`` enlarges it from there. Without depth (2D layouts) a body is taken as flat and facing
    the camera: rotation makes it narrower, tilt flatter. Pixels then go where the matrix sends the pixels of the frame;
    metres (3D layouts) do not feel a crop, a mirror negates their x. A mirror makes left joints of right ones.

    Args:
        points: joints, 0 where they were not seen.
        seen: which of them were.
        layout: their layout.
        matrix: ``View.matrix`` of each sample, canvas to output pixels, mirror included, ``[B, 2, 3]``.
        flip: whether the view is a mirror image, bool ``[B]``.
        rotate: radians about the vertical axis, ``[B]``; 0 changes nothing.
        tilt: radians about the horizontal axis, ``[B]``; 0 or None change nothing.
        roll: radians about the optical axis, ``[B]``; 0 or None change nothing.
        scale: factor, ``[B]``; 1 or None change nothing.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> the same.
    """
    turn = turn_matrix(*(torch.zeros_like(rotate) if angle is None else angle for angle in (rotate, tilt, roll)))
    turn = turn if scale is None else turn * scale[:, None, None]
    turn = turn[:, : layout.dims, : layout.dims].to(points)  # [B, C, C]
    shift = still(turn, anchor_of(points, seen, layout)[:, 0, 0, 0])  # [B, C]
    if layout.dims == 2:
        matrix = matrix.to(points)
        linear, offset = matrix[..., :2], matrix[..., 2]
    else:
        linear = torch.eye(3).to(points).repeat(len(points), 1, 1)
        linear[:, 0, 0] = torch.where(flip, -1.0, 1.0)
        offset = torch.zeros_like(shift)
    moved = move(points, linear @ turn, (linear @ shift[..., None])[..., 0] + offset) * seen[..., None]
    swap, mirrored, seen = list(layout.mirror_index), flip.nonzero()[:, 0], seen.clone()
    moved[mirrored], seen[mirrored] = moved[mirrored][..., swap, :], seen[mirrored][..., swap]
    return moved, seen


def turn_matrix(rotate: Tensor, tilt: Tensor, roll: Tensor) -> Tensor:
    """About the vertical (y), then the horizontal (x), then the optical axis (z).

    Shapes: radians, each ``[B]`` -> ``[B, 3, 3]``.
    """
    zero, one = torch.zeros_like(rotate), torch.ones_like(rotate)
    (cy, sy), (cx, sx), (cz, sz) = ((angle.cos(), angle.sin()) for angle in (rotate, tilt, roll))
    about_y = torch.stack([cy, zero, sy, zero, one, zero, -sy, zero, cy], -1)
    about_x = torch.stack([one, zero, zero, zero, cx, -sx, zero, sx, cx], -1)
    about_z = torch.stack([cz, -sz, zero, sz, cz, zero, zero, zero, one], -1)
    y, x, z = (rows.unflatten(-1, (3, 3)) for rows in (about_y, about_x, about_z))
    return z @ x @ y
