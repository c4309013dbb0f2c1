"""Interface of a step of :class:`~triad.modalities.skeleton.transforms.SkeletonTransform`."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from triad.modalities.skeleton.layouts import Layout


class PoseStep(Protocol):
    """Function from coordinates and a visibility mask to new ones; it never changes its input.

    Coordinates of joints that are not visible are 0 at first and undefined between steps; ``SkeletonTransform`` sets
    them to 0 after the last.

    Shapes: ``points`` ``[B, M, T, V, C]``, ``visible`` bool ``[B, M, T, V]``.
    """

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]: ...
