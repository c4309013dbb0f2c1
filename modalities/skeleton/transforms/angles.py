"""Angles between joints, which no rotation, shift or size changes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout


@TRANSFORMS.register_module()
class ToAngles:
    """``1 − cos`` of the angle at each joint between two others, one channel a choice of the two.

    Qin et al. 2022, Fusing Higher-Order Features in Graph Neural Networks for Skeleton-Based Action Recognition: their
    local angle (between the neighbours of a joint on its limb), their angle to the body's centre (between the two ends
    of the torso), and their angles to pairs (between a left joint and its right one). A channel is 0 where one of the
    three joints is not seen or two of them coincide, as at the ends of limbs for the local angle.

    Args:
        pairs: which pairs, as the layout's joints are called without ``left_`` and ``right_``.

    Shapes: ``[B, M, T, V, C]`` -> ``[B, M, T, V, 2 + pairs]``.

    Raises:
        InputError: when called, if the layout has no such pair.
    """

    def __init__(self, *, pairs: Sequence[str] = ("wrist", "elbow", "knee", "ankle")) -> None:
        self.pairs = tuple(pairs)

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        planes = points.movedim(-1, 0).contiguous()  # [C, B, M, T, V]: sums over C are then sums of planes
        before, after = neighbours(layout)
        ends = [(planes[..., before], seen[..., before], planes[..., after], seen[..., after])]
        groups = [(list(layout.torso[0]), list(layout.torso[1]))]
        groups += [([layout.index(f"left_{pair}")], [layout.index(f"right_{pair}")]) for pair in self.pairs]
        for one, other in groups:
            ends.append((*_center(planes, seen, one), *_center(planes, seen, other)))
        channels = [
            torch.where(seen & one_seen & other_seen, bend(planes, one, other), 0.0)
            for one, one_seen, other, other_seen in ends
        ]
        return torch.stack(channels, -1), seen


def neighbours(layout: Layout) -> tuple[list[int], list[int]]:
    """The two joints beside each on its limb: parent and first child; for the root its first two children.

    Joints that have only one stand for the other themselves.
    """
    children = [[child for child, parent in layout.bones if parent == joint] for joint in range(layout.num_joints)]
    beside = [([parent] if parent >= 0 else []) + own for parent, own in zip(layout.parents, children, strict=True)]
    first, second = zip(*([*near, joint, joint][:2] for joint, near in enumerate(beside)), strict=True)
    return list(first), list(second)


def bend(points: Tensor, one: Tensor, other: Tensor) -> Tensor:
    """``1 − cos`` of the angle at ``points``, in [0, 2]; 0 where a side has no length.

    Shapes: ``[C, …]`` each -> ``[…]``.
    """
    first, second = one - points, other - points
    sides = (first.square().sum(0) * second.square().sum(0)).sqrt()
    cosine = (first * second).sum(0) / torch.where(sides > 0, sides, 1.0)
    return torch.where(sides > 0, 1 - cosine.clamp(-1, 1), 0.0)


def _center(planes: Tensor, seen: Tensor, joints: list[int]) -> tuple[Tensor, Tensor]:
    """The middle of some joints, for every joint to look at: ``[C, B, M, T, 1]`` and whether all are seen."""
    return planes[..., joints].mean(-1, keepdim=True), seen[..., joints].all(-1, keepdim=True)
