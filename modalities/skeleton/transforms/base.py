"""What a step of a skeleton transform is."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from modalities.skeleton.layouts import Layout


class PoseStep(Protocol):
    """From coordinates and which joints were seen to the same; never changes its input.

    Coordinates of joints that were not seen are 0 at first and mean nothing between steps; ``SkeletonTransform`` sets
    them to 0 again after the last.

    Shapes: ``points`` ``[B, M, T, V, C]``, ``seen`` bool ``[B, M, T, V]``.
    """

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]: ...
