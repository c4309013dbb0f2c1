"""Conversion of poses to another joint layout, joint by joint, by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.layouts import LAYOUTS, Layout, get_layout
from triad.modalities.skeleton.poses import Poses

SYNONYMS = (
    ("mid_hip", "pelvis", "hip_center", "spine_base"),
    ("thorax", "shoulder_center", "spine_shoulder"),
    ("spine", "spine_mid", "spine_navel", "chest", "belly"),
)
"""Names of one joint: the middle of the hips, the middle of the shoulders, the middle of the trunk."""

RECIPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "mid_hip": (("left_hip", "right_hip"),),
    "thorax": (("neck",), ("left_shoulder", "right_shoulder")),
    "neck": (("thorax",),),
    "spine": (("left_shoulder", "right_shoulder", "left_hip", "right_hip"),),
    "head": (("left_ear", "right_ear"), ("left_eye", "right_eye"), ("face",), ("nose",)),
    "nose": (("face",), ("head", "neck")),
    "face": (("nose",),),
    "neck_base": (("neck", "nose"),),
    "left_foot": (("left_big_toe", "left_small_toe"), ("left_foot_index",)),
    "right_foot": (("right_big_toe", "right_small_toe"), ("right_foot_index",)),
    "left_hand": (("left_index", "left_pinky"),),
    "right_hand": (("right_index", "right_pinky"),),
}
"""Groups of joints whose mean stands for a joint that a layout lacks; the first group that the layout has is taken.
Joints are made in this order and may be used by those after them; a synonym serves as well as the name.

``neck`` is the middle of the shoulders in every layout but Kinect v2's, where it lies above ``spine_shoulder``; it is
taken by its name all the same. UNIK makes its nose in the same way.
"""


def convert(poses: Poses, *, to: str) -> Poses:
    """Return the same persons in another layout.

    A joint that both layouts name is copied with its score, also under a synonym. A joint of ``RECIPES`` is a mean with
    the lowest score of its joints. Any other joint is missing: score 0, coordinates 0. A 3D layout becomes a 2D one by
    ``poses.pixels``.

    Args:
        poses: poses to convert; not changed.
        to: name of the layout; with the poses' own, they are returned.

    Shapes: ``[M, T, V, C]`` -> ``[M, T, V', C']``.

    Raises:
        InputError: for an unknown layout, for 2D poses and a 3D layout, and for 3D poses without pixels and a 2D one.
    """
    source = get_layout(poses.layout)
    target = get_layout(to)
    if source is target:
        return poses
    check_convertible(source, target)
    keypoints = poses.keypoints
    pixels = poses.pixels
    scores = poses.scores
    if source.dims > target.dims:
        if pixels is None:
            cure = "choose a 3D layout, or prepare the dataset from files with pixels"
            fail(f"poses of '{source.name}' to become '{to}'", "have pixels", "none", cure)
        keypoints = np.nan_to_num(pixels)
        scores = poses.pixel_scores
        pixels = None
    mixed, scores = mix_joints(keypoints, scores, source, target)
    if pixels is not None:
        pixels = mix_joints(pixels, poses.scores, source, target)[0]
    return Poses(keypoints=mixed, scores=scores, layout=to, pixels=pixels)


def mix_joints(points: np.ndarray, scores: np.ndarray, source: Layout, target: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates and scores of the joints of another layout, by their names; see :func:`convert`.

    Args:
        points: coordinates of the joints of ``source``, 0 where one is missing.
        scores: confidence of each joint.
        source: layout of the joints.
        target: layout to make.

    Shapes: ``[M, T, V, C]``, ``[M, T, V]`` -> ``[M, T, V', C]``, ``[M, T, V']``.
    """
    weights = joint_weights(source, target)
    mixed_scores = np.zeros((*scores.shape[:2], target.num_joints), np.float32)
    for joint, sources in enumerate(weights):
        if sources:
            mixed_scores[..., joint] = scores[..., list(sources)].min(-1)
    return _mix(points, weights, mixed_scores), mixed_scores


def check_convertible(source: Layout, target: Layout) -> None:
    """Refuse a conversion that would need depth.

    Raises:
        InputError: If only ``target`` is 3D.
    """
    if source.dims < target.dims:
        flat_layouts = ", ".join(name for name, layout in LAYOUTS.items() if layout.dims == 2)
        cure = f"choose a 2D layout ({flat_layouts}), or lift the poses to 3D before"
        fail(f"layout that '{source.name}' becomes", "be of pixels too", f"'{target.name}', which is in metres", cure)


def conversion_hint(stored: Layout, target: Layout) -> str:
    """Return the cure of an error about a stored layout that is not the model's."""
    if stored is target:
        return f"read it as it is: PoseReader(layout='{target.name}', convert_from=None)"
    if stored.dims < target.dims:
        return f"'{stored.name}' has no depth to convert: build the model for it, or prepare other data"
    return f"convert it: PoseReader(layout='{target.name}', convert_from='{stored.name}')"


@lru_cache(maxsize=256)  # every file may name joints of its own
def joint_weights(source: Layout, target: Layout) -> tuple[dict[int, float], ...]:
    """Return, for each joint of ``target``, the joints of ``source`` whose weighted mean it is; none where unknown."""
    weights: dict[str, dict[int, float]] = {joint: {index: 1.0} for index, joint in enumerate(source.joints)}

    def find(joint: str) -> dict[int, float] | None:
        return next((weights[name] for name in _names(joint) if name in weights), None)

    for joint, groups in RECIPES.items():
        for group in groups:
            members = [find(member) for member in group]
            if find(joint) is None and None not in members:
                mean: dict[int, float] = {}
                for index, weight in (item for member in members if member is not None for item in member.items()):
                    mean[index] = mean.get(index, 0.0) + weight / len(group)
                weights[joint] = mean
    return tuple(find(joint) or {} for joint in target.joints)


def _names(joint: str) -> Iterator[str]:
    """Yield the name itself, then its synonyms."""
    yield joint
    yield from (name for group in SYNONYMS if joint in group for name in group)


def _mix(points: np.ndarray, weights: tuple[dict[int, float], ...], scores: np.ndarray) -> np.ndarray:
    """Return weighted means of joints; copies of single joints, 0 where one of several joints is missing."""
    mixed = points[:, :, [min(sources, default=0) for sources in weights]]  # [M, T, V', C]
    for joint, sources in enumerate(weights):
        if len(sources) != 1:
            factors = np.array(list(sources.values()), np.float32)
            mean = np.einsum("mtvc,v->mtc", points[:, :, list(sources)], factors)
            mixed[:, :, joint] = np.where(scores[:, :, joint, None] > 0, mean, np.float32(0))
    return mixed
