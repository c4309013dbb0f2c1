"""Definition of a layout as plain data: names, parents, mirror pairs, torso, in a small JSON or TOML file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from triad.modalities.checks import check_choice, check_file, fail, printable
from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

MAX_BYTES = 1 << 20
MAX_JOINTS = 1000
KEYS = ("name", "joints", "parents", "root", "mirror", "torso", "dims")
CURE = 'write {"name": …, "joints": [names], "parents": [names, null for the root], "dims": 2 or 3}'
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")


def read_definition(path: Path) -> dict[str, Any]:
    """Return the content of a JSON or TOML file of a layout.

    Raises:
        InputError: If it is missing, too large, or not of that kind.
    """
    check_file("layout file", path, CURE)
    if path.stat().st_size > MAX_BYTES:
        fail(f"layout file '{path}'", f"have at most {MAX_BYTES} bytes", path.stat().st_size, CURE)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:  # also of bytes that are no UTF-8
        kind = path.suffix[1:].upper()
        fail(f"layout file '{path}'", f"be {kind}", f"{type(error).__name__}: {printable(error)}", CURE)
    if not isinstance(document, dict):
        fail(f"layout file '{path}'", "hold an object", type(document).__name__, CURE)
    return {"name": path.stem, **document}


def parse_layout(document: Mapping[str, Any], *, subject: str) -> Layout:
    """Return the layout of a definition.

    ``parents`` is a list with the name or the index of each joint's parent, None or −1 for the root, or a mapping from
    joints to parents without the root. ``mirror`` are pairs of names, by default those that differ in ``left_`` and
    ``right_``. ``torso`` are two groups of names whose distance measures the body, by default hips and shoulders, or
    the root and the joint that is the most bones away from it.

    Args:
        document: definition.
        subject: description of where it comes from, in errors.

    Raises:
        InputError: If a field is missing, unknown, or does not fit.
    """
    for key in document:
        check_choice(f"field of {subject}", printable(key), KEYS)
    joints: Any = document.get("joints")
    if not _is_names(joints) or not 1 <= len(joints) <= MAX_JOINTS:
        fail(f"joints of {subject}", f"be a list of 1–{MAX_JOINTS} names", printable(joints, 60), CURE)
    name = document.get("name")
    if not isinstance(name, str) or not name or len(name) > 60 or not set(name) <= NAME_CHARACTERS:
        fail(
            f"name of {subject}",
            "be up to 60 letters, digits, _, - and .",
            f"'{printable(name, 80)}'",
            "choose another name",
        )
    parents = _read_parents(document, joints, subject)
    mirror = document.get("mirror")
    torso = document.get("torso")
    pairs = mirror_pairs(tuple(joints)) if mirror is None else _read_groups(mirror, joints, f"mirror of {subject}")
    if any(len(pair) != 2 for pair in pairs):
        fail(f"mirror of {subject}", "be pairs of joints", printable(mirror, 60), CURE)
    groups = _default_torso(joints, parents) if torso is None else _read_groups(torso, joints, f"torso of {subject}")
    if len(groups) != 2:
        fail(f"torso of {subject}", "be two groups of joints", printable(torso, 60), CURE)
    return Layout(
        name=name,
        joints=tuple(joints),
        parents=parents,
        mirror=tuple((pair[0], pair[1]) for pair in pairs),
        torso=(tuple(groups[0]), tuple(groups[1])),
        dims=document.get("dims", 3),
    )


def define_layout(layout: Layout) -> dict[str, Any]:
    """Return the definition of a layout, which :func:`parse_layout` reads."""
    names = layout.joints
    return {
        "name": layout.name,
        "joints": list(names),
        "parents": [None if parent < 0 else names[parent] for parent in layout.parents],
        "mirror": [[names[left], names[right]] for left, right in layout.mirror],
        "torso": [[names[joint] for joint in group] for group in layout.torso],
        "dims": layout.dims,
    }


def _read_parents(document: Mapping[str, Any], joints: Sequence[str], subject: str) -> tuple[int, ...]:
    parents = document.get("parents")
    if isinstance(parents, Mapping):
        for joint in parents:
            check_choice(f"joint in parents of {subject}", printable(joint), joints)
        parents = [parents.get(joint) for joint in joints]
    if not isinstance(parents, list) or len(parents) != len(joints):
        got = len(parents) if isinstance(parents, list) else type(parents).__name__
        fail(f"parents of {subject}", f"be {len(joints)}, one a joint", got, CURE)
    root = document.get("root")
    if root is not None:
        check_choice(f"root of {subject}", printable(root), joints)
    indices = []
    for joint, parent in zip(joints, parents, strict=True):
        index = -1 if parent is None or joint == root else _index(parent, joints, f"parent of '{joint}' of {subject}")
        indices.append(index)
    return tuple(indices)


def _index(value: Any, joints: Sequence[str], subject: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and -1 <= value < len(joints):
        return value
    return joints.index(check_choice(subject, printable(value), joints))


def _read_groups(groups: Any, joints: Sequence[str], subject: str) -> tuple[tuple[int, ...], ...]:
    if not isinstance(groups, list) or not all(isinstance(group, list) and group for group in groups):
        fail(subject, "be lists of joints", printable(groups, 60), CURE)
    return tuple(tuple(_index(joint, joints, f"joint in {subject}") for joint in group) for group in groups)


def _default_torso(joints: Sequence[str], parents: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return hips and shoulders, or the root and the joint that is the most bones away from it."""
    pairs = [[f"{side}_{joint}" for side in ("left", "right")] for joint in ("hip", "shoulder")]
    if all(joint in joints for pair in pairs for joint in pair):
        return tuple(tuple(joints.index(joint) for joint in pair) for pair in pairs)
    if -1 not in parents:
        return ((0,), (0,))  # the layout refuses such a tree
    depths = [_depth(joint, parents) for joint in range(len(joints))]
    return ((list(parents).index(-1),), (depths.index(max(depths)),))


def _depth(joint: int, parents: Sequence[int]) -> int:
    depth = 0
    while parents[joint] >= 0 and depth < len(parents):
        joint = parents[joint]
        depth += 1
    return depth


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(name, str) and name.isprintable() and 0 < len(name) <= 60 for name in value
    )
