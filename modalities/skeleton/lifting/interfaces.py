"""What lifts poses: from pixels to metres."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from modalities.skeleton.layouts import Layout
from modalities.skeleton.lifting.flat_joints import flat_joints
from modalities.skeleton.poses import Poses

COMPLETED = 0.5
"""A joint that a lifter has completed has this share of the mean score of those that are seen in its frame."""
FEWEST = 4  # seen joints from which others are told


class Lifter(Protocol):
    """From 2D poses of a whole recording to 3D ones of as many people and times.

    Metres in the camera's frame (x right, y down, z away), each person about its own root: where it stands is not
    known.

    Attributes:
        layout: name of the 3D layout.
        provenance: everything that decides the result: settings, SHA-256 of the weights, versions.
    """

    layout: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def __call__(self, poses: Poses, size_hw: tuple[int, int]) -> Poses:
        """Lift poses whose pixels are those of frames of this height and width."""
        ...


class Tracks:
    """The people of 2D poses by the joints of a 3D layout, and back again as lifted poses.

    Args:
        poses: of any layout that those joints can be had from.
        layout: the 3D layout.

    Attributes:
        pixels: ``[M, T, V, 2]``.
        scores: ``[M, T, V]``, 0 where a joint is lost.

    Raises:
        InputError: as :func:`flat_joints`.
    """

    def __init__(self, poses: Poses, layout: Layout) -> None:
        self.layout = layout
        self.pixels, self.scores = flat_joints(poses, layout=layout.name, joints=layout.joints)

    @property
    def present(self) -> list[int]:
        """FramePoses of whom something is seen."""
        people: list[int] = np.flatnonzero(self.scores.any((1, 2))).tolist()
        return people

    def lifted(self, joints: np.ndarray, *, complete: bool) -> Poses:
        """As poses about each person's root.

        Args:
            joints: metres ``[M, T, V, 3]``.
            complete: keep what the lifter says of lost joints where four or more are seen, with a lower score; without,
                they stay lost.
        """
        root, seen = self.layout.root, self.scores > 0
        scores = self.scores.copy()
        if complete:
            count = seen.sum(-1, keepdims=True)
            told = COMPLETED * scores.sum(-1, keepdims=True) / np.maximum(count, 1)
            scores = np.where(seen | (count < FEWEST), scores, told).astype(np.float32)
        keypoints = (joints - joints[:, :, root : root + 1]).astype(np.float32)
        keypoints[scores == 0] = 0
        return Poses(keypoints, scores, self.layout.name)
