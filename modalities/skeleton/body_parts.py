"""Trunk, arms and legs of a layout, by the names of its joints."""

from __future__ import annotations

from modalities.skeleton.layouts import Layout

BODY_PARTS = ("trunk", "left_arm", "right_arm", "left_leg", "right_leg")

_ARM = {"shoulder", "elbow", "wrist", "hand", "hand_tip", "thumb"}
_LEG = {"hip", "knee", "ankle", "foot", "heel", "toe", "big_toe", "small_toe"}


def body_parts(layout: Layout) -> tuple[tuple[int, ...], ...]:
    """The joints of each of ``BODY_PARTS``; every joint is in exactly one, and what is no limb is trunk.

    A part of which the layout has no joint is left out.
    """
    parts = [_part(joint) for joint in layout.joints]
    groups = (tuple(index for index, part in enumerate(parts) if part == name) for name in BODY_PARTS)
    return tuple(group for group in groups if group)


def _part(joint: str) -> str:
    side, _, rest = joint.partition("_")
    if side in ("left", "right") and rest in _ARM | _LEG:
        return f"{side}_{'arm' if rest in _ARM else 'leg'}"
    return "trunk"
