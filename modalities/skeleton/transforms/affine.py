"""One linear map and shift a sample."""

from __future__ import annotations

import torch
from torch import Tensor


def move(points: Tensor, linear: Tensor, shift: Tensor) -> Tensor:
    """``linear @ point + shift`` for every joint of a sample, as one product a batch.

    In memory the coordinates come out as planes, each of all joints: a CPU has a fast product for these, and none for
    many rows of three, and what follows is faster too.

    Shapes: ``[B, M, T, V, C]``, ``[B, C, C]``, ``[B, C]`` -> ``[B, M, T, V, C]``.
    """
    planes = points.flatten(1, 3).mT.contiguous()  # [B, C, M·T·V]
    return torch.baddbmm(shift[..., None], linear, planes).mT.unflatten(1, points.shape[1:4])


def turn_about(points: Tensor, turn: Tensor, anchor: Tensor) -> Tensor:
    """``turn @ (point - anchor) + anchor``.

    Shapes: ``[B, M, T, V, C]``, ``[B, C, C]``, ``[B, 1, 1, 1, C]`` -> ``[B, M, T, V, C]``.
    """
    return move(points, turn, still(turn, anchor[:, 0, 0, 0]))


def still(turn: Tensor, anchor: Tensor) -> Tensor:
    """The shift with which ``turn`` leaves ``anchor`` where it is; ``[B, C, C]``, ``[B, C]`` -> ``[B, C]``."""
    return anchor - (turn @ anchor[..., None])[..., 0]
