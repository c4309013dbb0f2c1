"""Names of joints as other programs spell them, brought to those of the layouts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.skeleton.convert import mix_joints
from triad.modalities.skeleton.layouts import LAYOUTS, Layout, get_layout, mirror_pairs

ALIASES = {
    **{"hips": "pelvis", "hip": "pelvis", "root": "pelvis", "mid_hips": "mid_hip", "mid_shoulder": "thorax"},
    **{"spine_naval": "spine_navel", "spinebase": "spine_base", "spinemid": "spine_mid"},
    **{"spineshoulder": "spine_shoulder", "hipcenter": "hip_center", "shouldercenter": "shoulder_center"},
}
SIDES = {"l": "left", "r": "right", "left": "left", "right": "right"}
SPELLINGS = {
    **{"handtip": "hand_tip", "bigtoe": "big_toe", "smalltoe": "small_toe", "footindex": "foot_index"},
    **{"sho": "shoulder", "elb": "elbow", "wri": "wrist", "kne": "knee", "ank": "ankle", "eyeinner": "eye_inner"},
    **{"eyeouter": "eye_outer", "mouthcorner": "mouth"},
}
BONES = {
    **{"left_up_leg": "left_hip", "left_leg": "left_knee", "left_foot": "left_ankle", "left_toe_base": "left_foot"},
    **{"left_arm": "left_shoulder", "left_fore_arm": "left_elbow", "left_hand": "left_wrist"},
    **{"left_upper_arm": "left_shoulder", "left_lower_arm": "left_elbow"},
    **{"left_upper_leg": "left_hip", "left_lower_leg": "left_knee"},
    **{"left_shoulder": "left_clavicle", "left_collar": "left_clavicle", "left_up_arm": "left_shoulder"},
    **{"left_low_arm": "left_elbow", "left_thigh": "left_hip", "left_shin": "left_knee", "left_low_leg": "left_knee"},
    **{"left_forearm": "left_elbow", "left_upleg": "left_hip", "left_toe": "left_foot"},
    **{"spine1": "thorax", "spine_1": "thorax", "neck1": "neck", "neck_1": "neck", "chest": "thorax"},
}
"""Names of joints in files of motion capture, where a bone is named for what it moves, by those of the layouts."""


def plain_name(name: str) -> str:
    """Return the name of a joint in lower case, its words joined by ``_``, the side first.

    ``WRIST_LEFT``, ``LeftWrist``, ``left wrist``, ``l_wrist`` and ``LWrist`` become ``left_wrist``.
    """
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name.strip())
    words = re.sub(r"^([LR])([A-Z][a-z])", r"\1_\2", words)
    lower_words = [word for word in re.split(r"[^0-9A-Za-z]+", words.lower()) if word]
    side = next(
        (word for word in (*lower_words[:1], *lower_words[-1:]) if word in SIDES and len(lower_words) > 1), None
    )
    if side is not None:
        lower_words.remove(side)
    text = "_".join(lower_words)
    text = SPELLINGS.get(text.replace("_", ""), text)
    if side is not None:
        return f"{SIDES[side]}_{text}"
    return ALIASES.get(text, text)


def find_layout(names: Sequence[str], dims: int) -> Layout | None:
    """Return the smallest built-in layout, in so many dimensions, that has all these joints; None if none has."""
    fitting = [layout for layout in LAYOUTS.values() if set(names) <= set(layout.joints)]
    if not fitting:
        return None
    layout = min(fitting, key=lambda layout: layout.num_joints)
    return layout if layout.dims == dims else get_layout(f"{layout.name}_{dims}d")


def bone_joint(name: str) -> str:
    """Return the layouts' name of the joint of a bone in a file of motion capture, which may stand behind a colon."""
    plain = plain_name(name.rpartition(":")[2])
    side, _, _ = plain.partition("_")
    if side == "right":
        return BONES.get(f"left_{plain.removeprefix('right_')}", plain).replace("left_", "right_")
    return BONES.get(plain, plain)


def mix_named_joints(
    path: str | Path, points: np.ndarray, scores: np.ndarray, names: Sequence[str], target: Layout
) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates and scores of the joints of a layout, made of joints in space by their names.

    Args:
        path: name of the file in errors.
        points: metres of the named joints, 0 where one is missing.
        scores: confidence of each.
        names: names as the layouts have them.
        target: layout to make.

    Shapes: ``[M, T, J, 3]``, ``[M, T, J]`` -> ``[M, T, V, 3]``, ``[M, T, V]``.

    Raises:
        InputError: If the layout has none of them.
    """
    parents = (-1, *[0] * (len(names) - 1))  # the tree is not needed to convert by name
    source = Layout("named", tuple(names), parents, mirror_pairs(tuple(names)), ((0,), (0,)), 3)
    keypoints, mixed_scores = mix_joints(points, scores, source, target)
    if not mixed_scores.any():
        got = printable(", ".join(names), 80)
        cure = "name another layout, or a file of your own"
        fail(f"joints of '{path}'", f"be some of layout '{target.name}'", got, cure)
    return keypoints, mixed_scores
