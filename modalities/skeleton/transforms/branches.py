"""Several descriptions of the same joints, side by side as channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from modalities.checks import fail
from modalities.registry import TRANSFORMS
from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.base import PoseStep


@TRANSFORMS.register_module()
class Branches:
    """Joints, bones and motion as channels of one network (Song et al. 2020, Stronger, Faster and More Explainable).

    Every branch starts from the same joints; what it does not see is 0 in its own channels. A joint is seen where any
    branch sees it. It stands last: the channels after it are no coordinates.

    Args:
        branches: lists of steps, as objects or configs; an empty one gives the joints themselves.

    Shapes: ``[B, M, T, V, C]`` -> ``[B, M, T, V, branches · C]``.

    Raises:
        InputError: if there is no branch.
    """

    def __init__(self, *, branches: Sequence[Sequence[PoseStep | Mapping[str, Any]]]) -> None:
        if not branches:
            fail("Branches.branches", "name at least one branch", "none")
        self.branches: list[list[PoseStep]] = [
            [TRANSFORMS.build(step) if isinstance(step, Mapping) else step for step in branch] for branch in branches
        ]

    def __call__(self, points: Tensor, seen: Tensor, layout: Layout) -> tuple[Tensor, Tensor]:
        channels, shown = [], []
        for branch in self.branches:
            own, own_seen = points, seen
            for step in branch:
                own, own_seen = step(own, own_seen, layout)
            channels.append(own * own_seen[..., None])
            shown.append(own_seen)
        return torch.cat(channels, -1), torch.stack(shown).any(0)
