"""Reader of keypoints in CSV: a row a frame (or a person of a frame), a column a coordinate; or a row a joint."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from math import isfinite, nan
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.keypoint_columns import (
    CURE,
    MAX_COLUMNS,
    find_roles,
    joint_indices,
    parse_column,
    to_number,
)
from triad.modalities.skeleton.readers.keypoint_rows import read_joint_rows
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording, rate_of
from triad.modalities.spreadsheets import find_encoding, find_separator


def read_keypoint_csv(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of a table with the columns ``JOINT_x``, ``JOINT_y``, perhaps ``JOINT_z`` and ``JOINT_score``.

    A joint is named as in its layout (``left_wrist``, ``LeftWrist`` and ``WRIST_LEFT`` are alike), or numbered from 0
    or 1 in its order, before or behind the axis (``x0``, ``0_x``, ``x_nose``). ``frame``, ``time`` (seconds) and
    ``person`` are optional. A joint is missing where a coordinate is empty or no number, and where all are 0 if the
    table has no scores. A table with the columns ``joint``, ``x`` and ``y`` has a row a joint, see
    :func:`read_joint_rows`. The separator is comma, semicolon or tabulator; UTF-16 is read too.

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
    roles = find_roles(header)
    if roles is not None:
        return read_joint_rows(path, data, rows, roles, header, options)
    columns = [parse_column(name) for name in header]
    dims = 3 if any(column.axis == "z" for column in columns) else 2
    layout, indices = joint_indices(path, columns, dims, options)
    has_scores = any(column.axis == "score" for column in columns)
    axes = {**{axis: number for number, axis in enumerate("xyz"[:dims])}, "score": dims}
    targets = [
        (position, indices[column.joint], axes[column.axis])
        for position, column in enumerate(columns)
        if column.joint in indices and column.axis in axes
    ]
    fields = {column.axis: position for position, column in enumerate(columns) if not column.joint and column.axis}
    collector = PoseCollector(path, data, layout=layout, joints=sorted(set(indices.values())))
    times: list[float] = []
    person_numbers: dict[float | str, int] = {}
    first: int | None = None
    previous = -1
    for line, values in rows:
        if len(values) != len(header):
            fail(f"'{path}' line {line}", f"have {len(header)} fields as the header", len(values), CURE)
        frame = previous + 1
        if "frame" in fields:
            number = to_number(values[fields["frame"]])
            if not (isfinite(number) and number == int(number) and abs(number) < 2**31):
                fail(f"'{path}' line {line}: frame", "be a whole number", f"'{printable(values[fields['frame']], 30)}'")
            first = int(number) if first is None else first
            frame = int(number) - first
            if frame < max(previous, 0) or (frame == previous and "person" not in fields):
                fail(f"'{path}' line {line}: frame", "be after the one before", int(number), "sort the rows")
        elif "person" in fields:
            fail(f"'{path}'", "have the column frame beside a person's", "none", CURE)
        name = values[fields["person"]].strip() if "person" in fields else ""
        number = to_number(name)
        person = person_numbers.setdefault(number if isfinite(number) else name, len(person_numbers))
        if "time" in fields and frame != previous and len(times) < 1000:
            times.append(to_number(values[fields["time"]]) * columns[fields["time"]].factor)
        previous = frame
        points = np.full((layout.num_joints, dims + 1), nan)
        points[:, dims] = nan if has_scores else 1
        for position, joint, axis in targets:
            points[joint, axis] = to_number(values[position])
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


def _rows(path: str | Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield number and fields of every line that is not blank."""
    check_memory(path, 4 * len(data), data, subject="its text")
    encoding = find_encoding(data[:200]) or "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("latin-1")  # numbers and English names are the same in it
    separator, lines_before = find_separator(text)
    lines = io.StringIO(text, newline="")
    for _ in range(lines_before):
        lines.readline()
    reader = csv.reader(lines, delimiter=separator)
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield reader.line_num + lines_before, values
    except csv.Error as error:
        fail(f"'{path}' line {reader.line_num}", "be CSV", str(error), CURE)
