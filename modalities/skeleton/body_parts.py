"""Body parts of a layout (trunk, arms, legs) and its extremities (head, hands, feet), by the names of its joints."""

from __future__ import annotations

from collections.abc import Mapping

from triad.modalities.checks import check_choice, fail
from triad.modalities.skeleton.layouts import Layout

BODY_PARTS = ("trunk", "left_arm", "right_arm", "left_leg", "right_leg")

_ARM = {"clavicle", "shoulder", "elbow", "wrist", "hand", "hand_tip", "thumb", "index", "pinky"}
_LEG = {"hip", "knee", "ankle", "foot", "heel", "toe", "big_toe", "small_toe", "foot_index"}

EXTREMITIES: Mapping[str, tuple[str, ...]] = {
    "head": ("head", "nose", "face"),
    "right_hand": ("right_hand", "right_wrist"),
    "left_hand": ("left_hand", "left_wrist"),
    "right_foot": ("right_ankle", "right_foot"),
    "left_foot": ("left_ankle", "left_foot"),
}
"""Joints of each extremity by their names in the layouts, the best first."""


def extremity_joint(layout: Layout, extremity: str) -> int:
    """Return the index of the joint of an extremity.

    Raises:
        InputError: If there is no such extremity, or the layout has none of its joints.
    """
    names = EXTREMITIES[check_choice("extremity", extremity, EXTREMITIES)]
    index = next((layout.joints.index(name) for name in names if name in layout.joints), None)
    if index is None:
        fail(f"joints of layout '{layout.name}'", f"hold one of {', '.join(names)}", ", ".join(layout.joints))
    return index


def body_parts(layout: Layout) -> tuple[tuple[int, ...], ...]:
    """Return the joints of each of ``BODY_PARTS`` that the layout has.

    Every joint is in exactly one body part; a joint of no limb belongs to the trunk.
    """
    names = [_body_part(joint) for joint in layout.joints]
    groups = (tuple(joint for joint, name in enumerate(names) if name == body_part) for body_part in BODY_PARTS)
    return tuple(group for group in groups if group)


def _body_part(joint: str) -> str:
    side, _, name = joint.partition("_")
    if side in ("left", "right") and name in _ARM | _LEG:
        return f"{side}_{'arm' if name in _ARM else 'leg'}"
    return "trunk"
