"""Step that removes the position of the body."""

from __future__ import annotations

from triad.modalities.registry import TRANSFORMS
from triad.modalities.skeleton.transforms.moved_poses import MovedPoses, MovingStep


@TRANSFORMS.register_module()
class CenterOnRoot(MovingStep):
    """Shift each sample so that its root joint is at the origin when it is first visible.

    One shift serves all times and persons, so that paths and relative positions are kept.
    """

    def move(self, poses: MovedPoses) -> MovedPoses:
        return poses.centered()
