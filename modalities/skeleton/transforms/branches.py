"""Step that concatenates several descriptions of the same joints as channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from triad.modalities.checks import fail
from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.pose_step import PoseStep


@TRANSFORMS.register_module()
class Branches:
    """Concatenate the channels of several branches of steps, e.g. joints, bones and motion.

    After Song et al. 2020, Stronger, Faster and More Explainable. Every branch starts from the same joints; where its
    result is not visible, its channels are 0. A joint is visible where it is in any branch. This is the last step: the
    channels after it are no coordinates.

    Args:
        branches: list of steps of each branch, as objects or configs; an empty list gives the joints themselves.

    Shapes: ``[B, M, T, V, C]`` -> ``[B, M, T, V, branches · C]``.

    Raises:
        InputError: without a branch.
    """

    def __init__(self, *, branches: Sequence[Sequence[PoseStep | Mapping[str, Any]]]) -> None:
        if not branches:
            fail("Branches.branches", "name at least one branch", "none")
        self.branches: list[list[PoseStep]] = [
            [TRANSFORMS.build(step) if isinstance(step, Mapping) else step for step in branch] for branch in branches
        ]

    def __call__(self, points: Tensor, visible: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        channels = []
        masks = []
        for branch in self.branches:
            branch_points = points
            branch_visible = visible
            for step in branch:
                branch_points, branch_visible = step(branch_points, branch_visible, layout)
            channels.append(branch_points * branch_visible[..., None])
            masks.append(branch_visible)
        return torch.cat(channels, -1), torch.stack(masks).any(0)
