"""Columns of tables of keypoints: their meaning by name, and the joints that they are of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import nan
from pathlib import Path
from typing import NamedTuple

from triad.modalities.checks import fail, printable
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.readers.joint_names import find_layout, plain_name
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions

LAYOUT_BY_COUNT = {33: "blazepose33", 32: "azure_kinect32", 17: "coco17"}
AXES = {
    **{"x": "x", "y": "y", "z": "z"},
    **dict.fromkeys(("v", "c", "s", "p", "score", "conf", "confidence", "visibility", "likelihood", "prob"), "score"),
}
FRAME_COLUMNS = ("frame", "frame_index", "frame_number", "frame_id", "frameid", "framenumber")
TIME_COLUMNS = {
    **dict.fromkeys(("time", "timestamp", "seconds", "time_s", "timestamp_s", "t"), 1.0),
    **dict.fromkeys(("time_ms", "timestamp_ms", "milliseconds", "ms"), 1e-3),
}
"""Seconds of a unit of the time in these columns."""
PERSON_COLUMNS = ("person", "person_id", "track", "track_id", "body", "body_id", "id")
SUFFIX = re.compile(
    rf"(?P<joint>.+?)[ _.:/-]?(?P<axis>{'|'.join(name for name in AXES if name not in 'vcsp')}|(?<=[ _.:/0-9-])[vcsp])",
    re.IGNORECASE,
)
PREFIX = re.compile(rf"(?P<axis>{'|'.join(sorted(AXES, key=len, reverse=True))})[ _.:/-]?(?P<joint>\d+)", re.IGNORECASE)
NAMED_PREFIX = re.compile(r"(?P<axis>[xyz]|score|confidence|visibility)[ _.:/-](?P<joint>[a-z]\w+)", re.IGNORECASE)
MAX_COLUMNS = 5000
CURE = "name the columns frame, JOINT_x, JOINT_y (JOINT_z, JOINT_score), a joint by its name or number"
JOINT_COLUMNS = (
    *("joint", "joint_name", "joint_id", "keypoint", "keypoint_name", "keypoint_id", "landmark", "landmark_name"),
    *("landmark_id", "landmark_index", "bodypart", "body_part", "marker"),
)
"""Columns that name the joint of a row, in tables with a row a joint."""


class Column(NamedTuple):
    """Meaning of a column.

    Attributes:
        joint: name or number of the joint, empty for ``frame``, ``time`` and ``person``.
        axis: ``x``, ``y``, ``z``, ``score``, ``frame``, ``time`` or ``person``; empty for a column that is not read.
        factor: seconds of a unit of ``time``.
    """

    joint: str
    axis: str
    factor: float = 1.0


def parse_column(name: str) -> Column:
    """Return the meaning of a column by its name."""
    plain = _plain(name)
    if plain in FRAME_COLUMNS:
        return Column("", "frame")
    if plain in PERSON_COLUMNS:
        return Column("", "person")
    if plain in TIME_COLUMNS:
        return Column("", "time", TIME_COLUMNS[plain])
    text = name.strip()
    match = PREFIX.fullmatch(text) or SUFFIX.fullmatch(text) or NAMED_PREFIX.fullmatch(text)
    if match is None:
        return Column("", "")
    joint = re.sub(r"^(joint|landmark|keypoint|kp|point|j)[ _.:-]?(?=\d+$)", "", match["joint"].strip(), flags=re.I)
    return Column(joint, AXES[match["axis"].lower()])


def find_roles(header: Sequence[str]) -> dict[str, int] | None:
    """Return the columns of a table with a row a joint by what they hold; None of another table.

    They are ``joint``, ``x``, ``y`` and perhaps ``z``, ``score``, ``frame``, ``time`` and ``person``.
    """
    roles: dict[str, int] = {}
    for position, name in enumerate(header):
        plain = _plain(name)
        column = parse_column(name)
        if plain in JOINT_COLUMNS:
            roles.setdefault("joint", position)
        elif plain in AXES:
            roles.setdefault(AXES[plain], position)
        elif not column.joint and column.axis:
            roles.setdefault(column.axis, position)
    return roles if roles.keys() >= {"joint", "x", "y"} else None


def _plain(name: str) -> str:
    return name.strip().strip("\"'").lower().replace(" ", "_")


def joint_indices(
    path: str | Path, columns: Sequence[Column], dims: int, options: ReadOptions
) -> tuple[Layout, dict[str, int]]:
    """Return the layout and the index in it of each joint of the header."""
    joints = list(dict.fromkeys(column.joint for column in columns if column.joint))
    cells = Counter((column.joint, column.axis) for column in columns if column.axis)
    for (joint, axis), count in cells.items():
        if count > 1:
            fail(f"'{path}'", "have each column once", f"{printable(f'{joint} {axis}'.strip())} twice", CURE)
    complete = [joint for joint in joints if all((joint, axis) in cells for axis in "xyz"[:dims])]
    if not complete:
        fail(f"'{path}'", "have the columns of joints", printable(", ".join(c.joint for c in columns)) or "none", CURE)
    numbers = [joint for joint in joints if joint.isdecimal()]
    if len(numbers) == len(joints):
        values = [int(joint) for joint in joints if len(joint) < 6]
        first = min(values, default=0)
        if sorted(values) != list(range(first, first + len(joints))) or first > 1:
            got = printable(", ".join(joints), 60)
            fail(f"joints of '{path}'", "be numbered in turn from 0 or 1", got, CURE)
        layout = LayoutChoice(path, LAYOUT_BY_COUNT).choose(len(joints), dims, options)
        return layout, {joint: int(joint) - first for joint in joints}
    names = {joint: plain_name(joint) for joint in complete}
    named_layout = find_layout(list(names.values()), dims)
    if options.layout is not None:
        named = get_layout(options.layout)
        if named.dims != dims:
            cure = f"name the layout '{named.name.removesuffix(f'_{named.dims}d')}_{dims}d'"
            fail(f"joints of '{path}'", f"have {named.dims} coordinates as '{named.name}' has", dims, cure)
        named_layout = named
        exact = {joint: joint for joint in complete if joint in named.joints}
        names = {joint: exact.get(joint, names[joint]) for joint in complete}
        unknown = [joint for joint in complete if names[joint] not in named.joints]
        if len(unknown) == len(complete):
            got = printable(", ".join(unknown[:5]), 80)
            fail(f"joints of '{path}'", f"be some of layout '{named.name}'", got, f"they are {', '.join(named.joints)}")
    if named_layout is None:
        got = printable(", ".join(complete[:5]), 80)
        fail(f"layout of '{path}'", "be known by its joints", got, "name it (a layout, or a file of your own)")
    indices = {joint: named_layout.joints.index(name) for joint, name in names.items() if name in named_layout.joints}
    if len(set(indices.values())) < len(indices):
        fail(f"joints of '{path}'", "differ", printable(", ".join(indices), 80), CURE)
    return named_layout, indices


def to_number(text: str) -> float:
    """Return a number, NaN for anything else; a decimal comma is read."""
    try:
        return float(text)
    except ValueError:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return nan
