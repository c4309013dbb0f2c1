"""Reader of keypoints in CSV: a row a frame (or a person of a frame), a column a coordinate."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from math import isfinite, nan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.joint_names import find_layout, plain_name
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording, rate_of

LAYOUT_BY_COUNT = {33: "blazepose33", 32: "azure_kinect32", 17: "coco17"}
AXES = {
    **{"x": "x", "y": "y", "z": "z"},
    **dict.fromkeys(("v", "c", "s", "p", "score", "conf", "confidence", "visibility", "likelihood", "prob"), "score"),
}
FRAME_COLUMNS = ("frame", "frame_index", "frame_number", "frame_id", "frameid", "framenumber")
TIME_COLUMNS = {"time": 1.0, "timestamp": 1.0, "seconds": 1.0, "time_s": 1.0, "timestamp_s": 1.0, "t": 1.0}
MS_COLUMNS = dict.fromkeys(("time_ms", "timestamp_ms", "milliseconds", "ms"), 1e-3)
PERSON_COLUMNS = ("person", "person_id", "track", "track_id", "body", "body_id", "id")
SUFFIX = re.compile(
    rf"(?P<joint>.+?)[ _.:/-]?(?P<axis>{'|'.join(name for name in AXES if name not in 'vcsp')}|(?<=[ _.:/0-9-])[vcsp])",
    re.IGNORECASE,
)
PREFIX = re.compile(rf"(?P<axis>{'|'.join(sorted(AXES, key=len, reverse=True))})[ _.:/-]?(?P<joint>\d+)", re.IGNORECASE)
NAMED_PREFIX = re.compile(r"(?P<axis>[xyz]|score|confidence|visibility)[ _.:/-](?P<joint>[a-z]\w+)", re.IGNORECASE)
MAX_COLUMNS = 5000
CURE = "name the columns frame, JOINT_x, JOINT_y (JOINT_z, JOINT_score), a joint by its name or number"


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
    plain = name.strip().strip("\"'").lower().replace(" ", "_")
    if plain in FRAME_COLUMNS:
        return Column("", "frame")
    if plain in PERSON_COLUMNS:
        return Column("", "person")
    if plain in TIME_COLUMNS or plain in MS_COLUMNS:
        return Column("", "time", {**TIME_COLUMNS, **MS_COLUMNS}[plain])
    text = name.strip()
    match = PREFIX.fullmatch(text) or SUFFIX.fullmatch(text) or NAMED_PREFIX.fullmatch(text)
    if match is None:
        return Column("", "")
    joint = re.sub(r"^(joint|landmark|keypoint|kp|point|j)[ _.:-]?(?=\d+$)", "", match["joint"].strip(), flags=re.I)
    return Column(joint, AXES[match["axis"].lower()])


def read_keypoint_csv(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of a table with the columns ``JOINT_x``, ``JOINT_y``, perhaps ``JOINT_z`` and ``JOINT_score``.

    A joint is named as in its layout (``left_wrist``, ``LeftWrist`` and ``WRIST_LEFT`` are alike), or numbered from 0
    or 1 in its order, before or behind the axis (``x0``, ``0_x``, ``x_nose``).
    The separator is comma, semicolon or tabulator.
    ``frame``, ``time`` (seconds) and ``person`` are optional. A joint is missing where a coordinate is empty or no
    number, and where all are 0 if the table has no scores.

    Args:
        path: path of the file.
        options: layout that the user names; without one, the names or the number of joints tell it.

    Raises:
        InputError: If a column is there twice, joints are unknown, a row has other fields, or nobody is shown.
    """
    options = options or ReadOptions()
    data = read_bytes(path)
    rows = _rows(path, data)
    header = next(rows, (0, []))[1]
    if len(header) > MAX_COLUMNS:
        fail(f"'{path}'", f"have at most {MAX_COLUMNS} columns", len(header), CURE)
    columns = [parse_column(name) for name in header]
    dims = 3 if any(column.axis == "z" for column in columns) else 2
    layout, joint_indices = _joint_indices(path, columns, dims, options)
    has_scores = any(column.axis == "score" for column in columns)
    axes = {**{axis: number for number, axis in enumerate("xyz"[:dims])}, "score": dims}
    targets = [
        (position, joint_indices[column.joint], axes[column.axis])
        for position, column in enumerate(columns)
        if column.joint in joint_indices and column.axis in axes
    ]
    fields = {column.axis: position for position, column in enumerate(columns) if not column.joint and column.axis}
    collector = PoseCollector(path, data, layout=layout)
    times: list[float] = []
    person_numbers: dict[float | str, int] = {}
    first: int | None = None
    previous = -1
    for line, values in rows:
        if len(values) != len(header):
            fail(f"'{path}' line {line}", f"have {len(header)} fields as the header", len(values), CURE)
        frame = previous + 1
        if "frame" in fields:
            number = _number(values[fields["frame"]])
            if not (isfinite(number) and number == int(number) and abs(number) < 2**31):
                fail(f"'{path}' line {line}: frame", "be a whole number", f"'{printable(values[fields['frame']], 30)}'")
            first = int(number) if first is None else first
            frame = int(number) - first
            if frame < max(previous, 0) or (frame == previous and "person" not in fields):
                fail(f"'{path}' line {line}: frame", "be after the one before", int(number), "sort the rows")
        elif "person" in fields:
            fail(f"'{path}'", "have the column frame beside a person's", "none", CURE)
        name = values[fields["person"]].strip() if "person" in fields else ""
        number = _number(name)
        person = person_numbers.setdefault(number if isfinite(number) else name, len(person_numbers))
        if "time" in fields and frame != previous and len(times) < 1000:
            times.append(_number(values[fields["time"]]) * columns[fields["time"]].factor)
        previous = frame
        points = np.full((layout.num_joints, dims + 1), nan)
        points[:, dims] = nan if has_scores else 1
        for position, joint, axis in targets:
            points[joint, axis] = _number(values[position])
        if not has_scores:
            points[~points[:, :dims].any(-1), dims] = 0
        with np.errstate(over="ignore"):
            is_new = collector.add(person, frame, points.astype(np.float32))
        if not is_new:
            got = f"person '{printable(name, 30)}' twice in frame {previous}"
            fail(
                f"'{path}' line {line}",
                "be the only row of its person and frame",
                got,
                "give each person a name or number of its own",
            )
    if previous < 0:
        fail(f"'{path}'", "have rows below its header", "none", CURE)
    return SkeletonRecording(collector.poses(previous + 1), None, rate_of(times))


def _joint_indices(
    path: str | Path, columns: Sequence[Column], dims: int, options: ReadOptions
) -> tuple[Layout, dict[str, int]]:
    """Return the layout and the index in it of each joint of the header."""
    joints = list(dict.fromkeys(column.joint for column in columns if column.joint))
    cells = [(column.joint, column.axis) for column in columns if column.axis]
    for entry in cells:
        if cells.count(entry) > 1 and len(cells) < 500:
            fail(f"'{path}'", "have each column once", f"{entry[0]} {entry[1]}".strip() + " twice", CURE)
    complete = [joint for joint in joints if all((joint, axis) in cells for axis in "xyz"[:dims])]
    if not complete:
        fail(f"'{path}'", "have the columns of joints", printable(", ".join(c.joint for c in columns)) or "none", CURE)
    numbers = [joint for joint in joints if joint.isdigit()]
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
    joint_indices = {
        joint: named_layout.joints.index(name) for joint, name in names.items() if name in named_layout.joints
    }
    if len(set(joint_indices.values())) < len(joint_indices):
        fail(f"joints of '{path}'", "differ", printable(", ".join(joint_indices), 80), CURE)
    return named_layout, joint_indices


def _rows(path: str | Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield number and fields of every line that is not blank."""
    check_memory(path, 4 * len(data), data, subject="its text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    header = next((line for line in text[:1_000_000].splitlines() if line.strip()), "")
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield reader.line_num, values
    except csv.Error as error:
        fail(f"'{path}' line {reader.line_num}", "be CSV", str(error), CURE)


def _number(text: str) -> float:
    """Return a number, NaN for anything else; a decimal comma is read."""
    try:
        return float(text)
    except ValueError:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return nan
