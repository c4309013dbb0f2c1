"""The joints of a 2D pose that a lifter reads, taken by name from whatever layout they were estimated in."""

from __future__ import annotations

import numpy as np

from modalities.checks import fail
from modalities.skeleton.convert import joint_weights
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses


def flat_joints(poses: Poses, *, layout: str, joints: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Pixels and scores of ``joints``, which are names of ``layout``; a mean where the poses have only its parts.

    The rules are those of :func:`modalities.skeleton.convert.convert`, which itself makes no 3D layout out of pixels.

    Args:
        poses: of a 2D layout, or 3D with ``pixels``.
        layout: of which the lifter knows the joints.
        joints: the names it reads.

    Shapes: ``[M, T, V, 2]`` -> float32 ``[M, T, J, 2]`` and ``[M, T, J]``; lost joints are 0 in both.

    Raises:
        InputError: if the poses have no pixels, or a joint cannot be had from their layout.
    """
    source, target = get_layout(poses.layout), get_layout(layout)
    points = poses.keypoints if source.dims == 2 else poses.pixels
    if points is None:
        fail(f"poses of '{source.name}' to lift", "have pixels", "none", "give a stream of 2D poses (extract --pose)")
    all_parts = [{position: 1.0} for position in range(target.num_joints)]
    if source is not target:
        all_parts = [dict(parts) for parts in joint_weights(source, target)]
    pixels = np.zeros((*poses.scores.shape[:2], len(joints), 2), np.float32)
    scores = np.zeros(pixels.shape[:3], np.float32)
    for place, joint in enumerate(joints):
        parts = all_parts[target.index(joint)]
        if not parts:
            fail(f"layout '{source.name}' to lift", f"have a '{joint}', or parts of it", f"{', '.join(source.joints)}")
        chosen = list(parts)
        scores[:, :, place] = poses.scores[:, :, chosen].min(-1).clip(min=0)
        shares = np.array(list(parts.values()), np.float32)
        pixels[:, :, place] = np.einsum("mtvc,v->mtc", points[:, :, chosen], shares)
    pixels[scores == 0] = 0
    return pixels, scores
