"""Affine transformations of joints, one for each sample of a batch."""

from __future__ import annotations

import torch
from torch import Tensor


def affine_transform(points: Tensor, linear: Tensor, shift: Tensor) -> Tensor:
    """Return ``linear @ point + shift`` for every joint, as one product a batch.

    In memory the result holds each coordinate of all joints as a plane: CPUs have a fast product for planes and none
    for many rows of three, and the operations that follow are faster too.

    Shapes: ``points`` ``[B, M, T, V, C]``, ``linear`` ``[B, C, C]``, ``shift`` ``[B, C]`` -> ``[B, M, T, V, C]``.
    """
    planes = points.flatten(1, 3).mT.contiguous()  # [B, C, M·T·V]
    return torch.baddbmm(shift[..., None], linear, planes).mT.unflatten(1, points.shape[1:4])


def rotate_about(points: Tensor, rotation: Tensor, anchor: Tensor) -> Tensor:
    """Return ``rotation @ (point - anchor) + anchor`` for every joint.

    Shapes: ``points`` ``[B, M, T, V, C]``, ``rotation`` ``[B, C, C]``, ``anchor`` ``[B, 1, 1, 1, C]`` ->
    ``[B, M, T, V, C]``.
    """
    return affine_transform(points, rotation, shift_fixing(rotation, anchor[:, 0, 0, 0]))


def shift_fixing(linear: Tensor, anchor: Tensor) -> Tensor:
    """Return the shift with which ``linear @ anchor + shift`` is ``anchor``.

    Shapes: ``linear`` ``[B, C, C]``, ``anchor`` ``[B, C]`` -> ``[B, C]``.
    """
    return anchor - (linear @ anchor[..., None])[..., 0]
