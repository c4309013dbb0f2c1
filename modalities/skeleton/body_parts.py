"""Body parts of a layout (trunk, arms, legs), by the names of its joints."""

from __future__ import annotations

from modalities.skeleton.layouts import Layout

BODY_PARTS = ("trunk", "left_arm", "right_arm", "left_leg", "right_leg")

_ARM = {"shoulder", "elbow", "wrist", "hand", "hand_tip", "thumb"}
_LEG = {"hip", "knee", "ankle", "foot", "heel", "toe", "big_toe", "small_toe"}


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
