"""Poses of one layout as another one, joint by joint, by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from modalities.checks import fail
from modalities.skeleton.layouts import LAYOUTS, Layout, get_layout
from modalities.skeleton.poses import Poses

SYNONYMS = (
    ("mid_hip", "pelvis", "hip_center", "spine_base"),
    ("thorax", "shoulder_center", "spine_shoulder"),
    ("spine", "spine_mid", "chest", "belly"),
)
"""Names of one place: the middle of the hips, the middle of the shoulders, the middle of the trunk."""

RECIPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "mid_hip": (("left_hip", "right_hip"),),
    "thorax": (("neck",), ("left_shoulder", "right_shoulder")),
    "neck": (("thorax",),),
    "spine": (("left_shoulder", "right_shoulder", "left_hip", "right_hip"),),
    "head": (("left_ear", "right_ear"), ("left_eye", "right_eye"), ("face",), ("nose",)),
    "nose": (("face",), ("head", "neck")),
    "face": (("nose",),),
    "neck_base": (("neck", "nose"),),
    "left_foot": (("left_big_toe", "left_small_toe"),),
    "right_foot": (("right_big_toe", "right_small_toe"),),
}
"""Of what a joint that a layout lacks is the mean: the first of the groups that is known. Joints are made in this order
and may be parts of those after them; a synonym serves as well as the name.

``neck`` is the middle of the shoulders in every layout but Kinect v2's, where it lies above ``spine_shoulder``; it goes
by its name all the same. UNIK makes its nose as it is made here.
"""


def convert(poses: Poses, *, to: str) -> Poses:
    """The same people in another layout.

    A joint that both layouts name is copied, score and all; one that goes by a synonym too; one that ``RECIPES`` makes
    is a mean, as sure as the least sure of its parts. What cannot be known is lost: score 0, coordinates 0. A 3D
    layout becomes a 2D one by ``poses.pixels``.

    Args:
        poses: as read; not changed.
        to: name of the layout wanted. The poses' own gives them back.

    Shapes: ``[M, T, V, C]`` -> ``[M, T, V', C']``.

    Raises:
        InputError: for an unknown layout, for 2D poses and a 3D layout, and for 3D poses without pixels and a 2D one.
    """
    source, target = get_layout(poses.layout), get_layout(to)
    if source is target:
        return poses
    check_convertible(source, target)
    keypoints, pixels = poses.keypoints, poses.pixels
    if source.dims > target.dims:
        if pixels is None:
            cure = "choose a 3D layout, or prepare the dataset from files with pixels"
            fail(f"poses of '{source.name}' to become '{to}'", "have pixels", "none", cure)
        keypoints, pixels = pixels, None
    parts = parts_of(source, target)
    scores = np.zeros((*poses.scores.shape[:2], target.num_joints), np.float32)
    for joint, weights in enumerate(parts):
        if weights:
            scores[..., joint] = poses.scores[..., list(weights)].min(-1)
    if pixels is not None:
        pixels = _mix(pixels, parts, scores)
    return Poses(keypoints=_mix(keypoints, parts, scores), scores=scores, layout=to, pixels=pixels)


def check_convertible(source: Layout, target: Layout) -> None:
    """Refuse to make depth out of pixels.

    Raises:
        InputError: if only ``target`` is 3D.
    """
    if source.dims < target.dims:
        flat = ", ".join(name for name, layout in LAYOUTS.items() if layout.dims == 2)
        cure = f"choose a 2D layout ({flat}), or lift the poses to 3D before"
        fail(f"layout that '{source.name}' becomes", "be of pixels too", f"'{target.name}', which is in metres", cure)


def conversion_hint(stored: Layout, wanted: Layout) -> str:
    """What to do when a model wants another layout than is stored: the cure of an error."""
    if stored is wanted:
        return f"read it as it is: PoseReader(layout='{wanted.name}', convert_from=None)"
    if stored.dims < wanted.dims:
        return f"'{stored.name}' has no depth to convert: build the model for it, or prepare other data"
    return f"convert it: PoseReader(layout='{wanted.name}', convert_from='{stored.name}')"


@cache
def parts_of(source: Layout, target: Layout) -> tuple[dict[int, float], ...]:
    """For each joint of ``target`` the joints of ``source`` it is the weighted mean of; none where it is unknown."""
    known: dict[str, dict[int, float]] = {joint: {index: 1.0} for index, joint in enumerate(source.joints)}

    def find(joint: str) -> dict[int, float] | None:
        return next((known[name] for name in _names(joint) if name in known), None)

    for joint, groups in RECIPES.items():
        for group in groups:
            found = [find(part) for part in group]
            if find(joint) is None and None not in found:
                mean: dict[int, float] = {}
                for index, weight in (item for part in found if part is not None for item in part.items()):
                    mean[index] = mean.get(index, 0.0) + weight / len(group)
                known[joint] = mean
    return tuple(find(joint) or {} for joint in target.joints)


def _names(joint: str) -> Iterator[str]:
    """The name itself, then its synonyms."""
    yield joint
    yield from (name for group in SYNONYMS if joint in group for name in group)


def _mix(points: np.ndarray, parts: tuple[dict[int, float], ...], scores: np.ndarray) -> np.ndarray:
    """Weighted means of joints; copies where there is one part, 0 where a part of several is lost."""
    mixed = points[:, :, [min(weights, default=0) for weights in parts]]  # [M, T, V', C]
    for joint, weights in enumerate(parts):
        if len(weights) != 1:
            shares = np.array(list(weights.values()), np.float32)
            mean = np.einsum("mtvc,v->mtc", points[:, :, list(weights)], shares)
            mixed[:, :, joint] = np.where(scores[:, :, joint, None] > 0, mean, np.float32(0))
    return mixed
