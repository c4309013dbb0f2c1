"""Markers of motion capture: which of them stand for a joint of the layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from triad.modalities.skeleton.layouts import LAYOUTS, Layout
from triad.modalities.skeleton.readers.joint_names import bone_joint

SIDES = {"left": "L", "right": "R"}
SIDED_MARKERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "shoulder": (("SJC",), ("SHO",)),
    "elbow": (("EJC",), ("ELB",)),
    "wrist": (("WJC",), ("WRA", "WRB"), ("WRI",)),
    "hand": (("FIN",),),
    "hip": (("HJC",), ("ASI", "PSI"), ("FWT", "BWT")),
    "knee": (("KJC",), ("KNE",)),
    "ankle": (("AJC",), ("ANK",)),
    "heel": (("HEE",),),
    "foot": (("TOE",), ("MT5",)),
}
"""Markers of a joint without their side, the best first; the joint is the mean of the first group that the file has.

They are the labels of Vicon's Plug-in Gait (with the joint centres that it computes, ``LHJC``) and of CMU's captures.
Markers lie on the skin: a knee is its outer side, a hip lies between the front and the back of the pelvis.
"""
MIDDLE_MARKERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "head": (("LFHD", "RFHD", "LBHD", "RBHD"), ("LFHD", "RFHD")),
    "thorax": (("C7", "CLAV"), ("CLAV",), ("C7",)),
    "spine": (("T10", "STRN"),),
}


def find_markers(labels: Sequence[str], target: Layout) -> list[dict[str, tuple[int, ...]]]:
    """Return the markers of each joint, of each person whose markers are in a file.

    Labels of several people stand behind their names and a colon. A label that is a joint's name, of the target or of
    any layout, is that joint; else the groups of :data:`SIDED_MARKERS` and :data:`MIDDLE_MARKERS` say what it is.

    Args:
        labels: labels of the file in its order.
        target: layout that is to be made, whose joints may be named as the markers are.
    """
    people: dict[str, dict[str, int]] = {}
    for number, label in enumerate(labels):
        person, _, name = label.strip().rpartition(":")
        people.setdefault(person, {}).setdefault(name.strip(), number)
    found = [_find_joints(markers, target) for markers in people.values()]
    return [joints for joints in found if joints]


def _find_joints(markers: Mapping[str, int], target: Layout) -> dict[str, tuple[int, ...]]:
    known = {joint for layout in LAYOUTS.values() for joint in layout.joints}
    joints: dict[str, tuple[int, ...]] = {}
    for name, number in markers.items():
        if name in target.joints:
            joints[name] = (number,)
        elif bone_joint(name) in known:
            joints.setdefault(bone_joint(name), (number,))
    upper: dict[str, int] = {}
    for name, number in markers.items():
        upper.setdefault(name.upper(), number)
    for joint, groups in _groups():
        if joint not in joints:
            group = next((group for group in groups if all(marker in upper for marker in group)), ())
            if group:
                joints[joint] = tuple(upper[marker] for marker in group)
    return joints


def _groups() -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Return the groups of markers of every joint, with the sides in their names."""
    sided = [
        (f"{side}_{joint}", tuple(tuple(f"{letter}{marker}" for marker in group) for group in groups))
        for joint, groups in SIDED_MARKERS.items()
        for side, letter in SIDES.items()
    ]
    return [*sided, *MIDDLE_MARKERS.items()]
