"""A sample's spatial augmentation, applied to skeletons."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.affine import affine_transform, shift_fixing
from modalities.skeleton.transforms.center_on_root import root_anchor
from modalities.skeleton.transforms.noise import add_noise
from modalities.warp import View, fixed_matrix, view_matrix


def apply_view_to_poses(
    points: Tensor,
    visible: Tensor,
    scores: Tensor,
    layout: Layout,
    *,
    view: View,
    frame_hw: tuple[int, int],
    out_hw: tuple[int, int] | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return joints, their visibility and their scores after each sample's augmentation, noise included.

    Args:
        points: joints; those that are not visible become 0.
        visible: mask of the joints that were measured.
        scores: confidence of each joint, 0–1.
        layout: joint layout.
        view: view of the batch; one for all samples changes 2D joints only, by its box.
        frame_hw: height and width of the frame that 2D joints lie in, pixels.
        out_hw: height and width that the augmentation maps the frame to, pixels; None for those of the frame.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]``, ``[B, M, T, V]`` -> the same.
    """
    out_hw = out_hw or frame_hw
    if not isinstance(view, Mapping):
        if layout.dims == 2:
            fixed = fixed_matrix(view, frame_hw, out_hw)
            matrix = torch.tensor(fixed, dtype=points.dtype, device=points.device)
            points = points * matrix.diagonal() + matrix[:, 2]
        return points * visible[..., None], visible, scores
    flip = view["flip"] > 0
    points, visible = apply_view(
        points,
        visible,
        layout,
        matrix=view_matrix(view, frame_hw, out_hw),
        flip=flip,
        rotate=view["rotate"],
        tilt=view["tilt"],
        roll=view["roll"],
        scale=view["scale"],
    )
    points = add_noise(points, visible, layout, sd=view["noise"], seed=view["noise_seed"])
    return points, visible, torch.where(flip[:, None, None, None], scores[..., list(layout.mirror_index)], scores)


def apply_view(
    points: Tensor,
    visible: Tensor,
    layout: Layout,
    *,
    matrix: Tensor,
    flip: Tensor,
    rotate: Tensor,
    tilt: Tensor | None = None,
    roll: Tensor | None = None,
    scale: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return joints and their visibility after each sample's augmentation without noise; missing joints stay 0.

    The scene rotates about the root joint as if the camera moved around it (``rotate``), then up or down (``tilt``),
    then rolled (``roll``); ``scale`` enlarges it about the root joint. A body without depth (2D layouts) is taken as
    flat and facing the camera: rotation makes it narrower, tilt flatter. ``matrix`` then maps pixels as it maps the
    frame; it does not change metres (3D layouts), whose x a mirror negates. A mirror swaps left and right joints.

    Args:
        points: joints, 0 where they are not visible.
        visible: mask of the joints that were measured.
        layout: joint layout.
        matrix: ``SpatialAugmentation.matrix`` of each sample, frame to output pixels, mirror included, ``[B, 2, 3]``.
        flip: True where the sample is mirrored, bool ``[B]``.
        rotate: rotation about the vertical axis, radians ``[B]``; 0 changes nothing.
        tilt: rotation about the horizontal axis, radians ``[B]``; 0 or None change nothing.
        roll: rotation about the optical axis, radians ``[B]``; 0 or None change nothing.
        scale: factor of the size, ``[B]``; 1 or None change nothing.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> the same.
    """
    angles = (torch.zeros_like(rotate) if angle is None else angle for angle in (rotate, tilt, roll))
    rotation = rotation_matrix(*angles)
    rotation = rotation if scale is None else rotation * scale[:, None, None]
    rotation = rotation[:, : layout.dims, : layout.dims].to(points)  # [B, C, C]
    shift = shift_fixing(rotation, root_anchor(points, visible, layout)[:, 0, 0, 0])  # [B, C]
    if layout.dims == 2:
        matrix = matrix.to(points)
        linear = matrix[..., :2]
        offset = matrix[..., 2]
    else:
        linear = torch.eye(3).to(points).repeat(len(points), 1, 1)
        linear[:, 0, 0] = torch.where(flip, -1.0, 1.0)
        offset = torch.zeros_like(shift)
    shift = (linear @ shift[..., None])[..., 0] + offset
    output = affine_transform(points, linear @ rotation, shift) * visible[..., None]
    swap = list(layout.mirror_index)
    mirrored = flip.nonzero()[:, 0]
    visible = visible.clone()
    output[mirrored] = output[mirrored][..., swap, :]
    visible[mirrored] = visible[mirrored][..., swap]
    return output, visible


def rotation_matrix(rotate: Tensor, tilt: Tensor, roll: Tensor) -> Tensor:
    """Return rotations about the vertical (y), then the horizontal (x), then the optical axis (z).

    Shapes: radians, ``[B]`` each -> ``[B, 3, 3]``.
    """
    zero = torch.zeros_like(rotate)
    one = torch.ones_like(rotate)
    (cy, sy), (cx, sx), (cz, sz) = ((angle.cos(), angle.sin()) for angle in (rotate, tilt, roll))
    about_y = torch.stack([cy, zero, sy, zero, one, zero, -sy, zero, cy], -1)
    about_x = torch.stack([one, zero, zero, zero, cx, -sx, zero, sx, cx], -1)
    about_z = torch.stack([cz, -sz, zero, sz, cz, zero, zero, zero, one], -1)
    y, x, z = (rows.unflatten(-1, (3, 3)) for rows in (about_y, about_x, about_z))
    return z @ x @ y
