"""A sample's spatial augmentation, applied to skeletons."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from triad.modalities.device_constants import device_constant
from triad.modalities.prepared_view import view_rotation
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.affine import affine_transform
from triad.modalities.skeleton.transforms.moved_poses import MovedPoses
from triad.modalities.skeleton.transforms.noise import add_noise
from triad.modalities.warp import View, fixed_matrix, view_matrix

_MIRROR_X, _SAME = (-1.0, 1.0, 1.0), (1.0, 1.0, 1.0)


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
    moved, visible = apply_view(MovedPoses(points, visible, layout), view=view, frame_hw=frame_hw, out_hw=out_hw)
    moved = moved * visible[..., None]
    if not isinstance(view, Mapping):
        return moved, visible, scores
    if "noise" in view:
        moved = add_noise(moved, visible, layout, sd=view["noise"], seed=view["noise_seed"])
    return moved, visible, mirror_joints(scores, view["flip"] > 0, layout)


def apply_view(
    poses: MovedPoses, *, view: View, frame_hw: tuple[int, int], out_hw: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """Return joints and their visibility after each sample's augmentation without noise.

    The scene rotates about the root joint as if the camera moved around it (``rotate``), then up or down (``tilt``),
    then rolled (``roll``); ``scale`` enlarges it about the root joint. A body without depth (2D layouts) is taken as
    flat and facing the camera: rotation makes it narrower, tilt flatter. The box then maps pixels as it maps the frame;
    it does not change metres (3D layouts), whose x a mirror negates. A mirror swaps left and right joints.

    Args:
        poses: joints, perhaps with a map that has still to be applied; those that are not visible mean nothing after.
        view: view of the batch; one for all samples changes 2D joints only, by its box.
        frame_hw: height and width of the frame that 2D joints lie in, pixels.
        out_hw: height and width that the augmentation maps the frame to, pixels.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]``.
    """
    layout = poses.layout
    if not isinstance(view, Mapping):
        points = poses.apply()
        if layout.dims == 2:
            fixed = fixed_matrix(view, frame_hw, out_hw)
            matrix = torch.tensor(fixed, dtype=points.dtype, device=points.device)
            points = points * matrix.diagonal() + matrix[:, 2]
        return points, poses.visible
    rotation = view_rotation(view)
    if rotation is not None:
        poses = poses.turned(rotation[:, : layout.dims, : layout.dims].to(poses.points))
    flip = view["flip"] > 0
    linear, shift = poses.map()
    # a mirror of joints before the map is that after it, and leaves their memory in order
    points = mirror_joints(poses.points, flip, layout, axis=-2)
    visible = mirror_joints(poses.visible, flip, layout)
    if layout.dims == 2:
        matrix = view_matrix(view, frame_hw, out_hw).to(points)
        last, offset = matrix[..., :2], matrix[..., 2]
        linear = last if linear is None else last @ linear
        shift = offset if shift is None else torch.baddbmm(offset[..., None], last, shift[..., None])[..., 0]
        return affine_transform(points, linear, shift), visible
    signs = device_constant((_MIRROR_X, _SAME), points.device, points.dtype)
    sign = torch.where(flip[:, None], signs[0], signs[1])  # [B, 3]
    if linear is None:
        shifted = points if shift is None else points + shift[:, None, None, None]
        return shifted * sign[:, None, None, None], visible
    return affine_transform(points, linear * sign[..., None], None if shift is None else shift * sign), visible


def mirror_joints(values: Tensor, flip: Tensor, layout: Layout, *, axis: int = -1) -> Tensor:
    """Return values of joints with left and right swapped in some samples.

    Args:
        values: values, ``[B, M, T, V]``, or with further axes.
        flip: True where left and right are swapped, bool ``[B]``.
        layout: joint layout.
        axis: axis of the joints.
    """
    swapped = values.index_select(axis, device_constant(layout.mirror_index, values.device))
    return torch.where(flip.view(-1, *[1] * (values.ndim - 1)), swapped, values)
