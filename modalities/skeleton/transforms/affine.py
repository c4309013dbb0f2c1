"""Affine transformations of joints, one for each sample of a batch."""

from __future__ import annotations

import torch
from torch import Tensor


def affine_transform(points: Tensor, linear: Tensor, shift: Tensor | None) -> Tensor:
    """Return ``linear @ point + shift`` for every joint, as one product a batch; no shift is 0.

    In memory the result holds each coordinate of all joints as a plane: CPUs have a fast product for planes and none
    for many rows of three, and the operations that follow are faster too.

    Shapes: ``points`` ``[B, M, T, V, C]``, ``linear`` ``[B, C, C]``, ``shift`` ``[B, C]`` -> ``[B, M, T, V, C]``.
    """
    planes = points.flatten(1, 3).mT.contiguous()  # [B, C, M·T·V]
    moved = linear @ planes if shift is None else torch.baddbmm(shift[..., None], linear, planes)
    return moved.mT.unflatten(1, points.shape[1:4])
