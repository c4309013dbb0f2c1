"""2D poses by the joints of a 3D layout, the input of lifters."""

from __future__ import annotations

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.convert import joint_weights
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.poses import Poses

COMPLETED_SCORE = 0.5
"""Factor from the mean score of the visible joints of a frame to the score of a completed one."""
MIN_VISIBLE = 4  # joints of a frame from which the others are completed


class PixelTracks:
    """Persons of 2D poses by the joints of a 3D layout.

    Args:
        poses: poses of any layout that has those joints.
        layout: the 3D layout.

    Attributes:
        pixels: ``[M, T, V, 2]``.
        scores: ``[M, T, V]``, 0 where a joint is missing.

    Raises:
        InputError: like :func:`select_joints`.
    """

    def __init__(self, poses: Poses, layout: Layout) -> None:
        self.layout = layout
        self.pixels, self.scores = select_joints(poses, layout=layout)

    @property
    def present(self) -> list[int]:
        """Indices of the persons with a visible joint."""
        persons: list[int] = np.flatnonzero(self.scores.any((1, 2))).tolist()
        return persons

    def to_poses(self, joints: np.ndarray, *, complete: bool) -> Poses:
        """Return lifted joints as poses about each person's root.

        Args:
            joints: metres ``[M, T, V, 3]``.
            complete: keep the lifter's joints where they are missing in 2D and four or more others are visible, with
                a lower score; otherwise they stay missing.
        """
        root = self.layout.root
        visible = self.scores > 0
        scores = self.scores.copy()
        if complete:
            count = visible.sum(-1, keepdims=True)
            completed = COMPLETED_SCORE * scores.sum(-1, keepdims=True) / np.maximum(count, 1)
            scores = np.where(visible | (count < MIN_VISIBLE), scores, completed).astype(np.float32)
        keypoints = (joints - joints[:, :, root : root + 1]).astype(np.float32)
        keypoints[scores == 0] = 0
        return Poses(keypoints, scores, self.layout.name)


def check_liftable(source: Layout, layout: Layout) -> None:
    """Check that poses of a 2D layout have the joints of a lifter's layout.

    Raises:
        InputError: naming the first joint that they lack.
    """
    shape = (1, 1, source.num_joints)
    nobody = Poses(np.zeros((*shape, 2), np.float32), np.zeros(shape, np.float32), source.name)
    select_joints(nobody, layout=layout)


def select_joints(poses: Poses, *, layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels and scores of the joints of another layout, by the rules of :func:`convert`.

    Unlike :func:`triad.modalities.skeleton.convert.convert`, this also takes the joints of a 3D layout from a 2D one.

    Args:
        poses: poses of a 2D layout, or of a 3D one with ``pixels``.
        layout: layout of the joints to return.

    Shapes: ``[M, T, V, 2]`` -> float32 ``[M, T, J, 2]`` and ``[M, T, J]``; missing joints are 0 in both.

    Raises:
        InputError: If the poses have no pixels, or their layout lacks a joint.
    """
    source = get_layout(poses.layout)
    points = poses.keypoints if source.dims == 2 else poses.pixels
    point_scores = poses.scores if source.dims == 2 else poses.pixel_scores
    if points is None:
        fail(f"poses of '{source.name}' to lift", "have pixels", "none", "give a stream of 2D poses (extract --pose)")
    if source is layout:
        weights: list[dict[int, float]] = [{joint: 1.0} for joint in range(layout.num_joints)]
    else:
        weights = [dict(sources) for sources in joint_weights(source, layout)]
    pixels = np.zeros((*poses.scores.shape[:2], layout.num_joints, 2), np.float32)
    scores = np.zeros(pixels.shape[:3], np.float32)
    for joint, sources in enumerate(weights):
        if not sources:
            name = layout.joints[joint]
            fail(f"layout '{source.name}' to lift", f"have a '{name}', or parts of it", f"{', '.join(source.joints)}")
        members = list(sources)
        scores[:, :, joint] = point_scores[:, :, members].min(-1).clip(min=0)
        factors = np.array(list(sources.values()), np.float32)
        pixels[:, :, joint] = np.einsum("mtvc,v->mtc", points[:, :, members], factors)
    pixels[scores == 0] = 0
    return pixels, scores
