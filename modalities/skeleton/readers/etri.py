"""Reader of ETRI-Activity3D: one CSV file a clip, a row for each body in each frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.pose_arrays import NTU_AXES
from triad.modalities.skeleton.readers.pose_collector import PoseCollector

NUM_JOINTS = 25
AXES = ("3dx", "3dy", "3dz")
SCORES = {0: 0.0, 1: 0.5, 2: 1.0}
"""Score by tracking state: not tracked, inferred, tracked."""
MAX_COLUMNS = 1000
MAX_LINE = 100_000  # characters
INTEGER = re.compile(r"[+-]?\d{1,9}(?:\.0+)?")


def read_etri(path: str | Path) -> Poses:
    """Read the poses of all bodies in metres; a ``bodyindexID`` is a person, in the order of appearance.

    Jang et al. 2020, ETRI-Activity3D: A Large-Scale RGB-D Dataset for Robots to Recognize Daily Activities of the
    Elderly. The columns are ``frameNum``, ``bodyindexID`` and, of the joints 1 to 25 of Kinect v2, ``joint1_3dX``,
    ``joint1_3dY``, ``joint1_3dZ`` and ``joint1_trackingState``; others are ignored. A row without a body is a frame
    without people. An inferred joint has score 0.5. Axes are taken as those of NTU RGB+D, which has the same sensor.

    Raises:
        InputError: naming the line, if the file holds something else or shows nobody.
    """
    data = read_bytes(path)
    collector = PoseCollector(path, data, layout="ntu25")
    header = data.partition(b"\n")[0]
    names = [name.strip().strip('"').lower() for name in header[:MAX_LINE].decode("utf-8-sig", "replace").split(",")]
    columns = _find_columns(path, names)
    first = frame = None
    position = len(header) + 1
    line = 1
    while position < len(data):
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        line += 1
        if end - position > MAX_LINE:
            fail(f"'{path}' line {line}", f"have at most {MAX_LINE} characters", end - position, CURE)
        fields = data[position:end].decode("latin-1").strip().split(",")
        position = end + 1
        if fields == [""]:
            continue
        if len(fields) < len(names):
            fail(f"'{path}' line {line}", f"hold {len(names)} values", len(fields), CURE)
        number = _parse_integer(path, line, "frameNum", fields[columns.frame])
        first = number if first is None else first
        if frame is not None and not frame <= number - first:
            fail(f"'{path}' line {line}", "have a frameNum that is not before the last one", number, CURE)
        frame = number - first
        body = fields[columns.body].strip()
        if body.lower() in ("", "nan"):
            continue
        rows = _parse_joints(path, line, fields, columns)
        if not collector.add(_parse_integer(path, line, "bodyindexID", body), frame, rows):
            fail(
                f"'{path}' line {line}", f"hold the only body {printable(body, 20)} of its frame", "a second one", CURE
            )
    return collector.poses(0 if frame is None else frame + 1)


class _Columns:
    """Numbers of the columns of frame, body, coordinates ``[25, 3]`` and tracking states."""

    def __init__(self, frame: int, body: int, coordinates: list[list[int]], states: list[int] | None) -> None:
        self.frame = frame
        self.body = body
        self.coordinates = coordinates
        self.states = states


def _find_columns(path: str | Path, names: Sequence[str]) -> _Columns:
    """Return the numbers of the columns by their names.

    Raises:
        InputError: If one is missing.
    """
    if len(names) > MAX_COLUMNS:
        fail(f"'{path}'", f"have at most {MAX_COLUMNS} columns", len(names), CURE)
    numbers = {name: number for number, name in enumerate(names)}
    needed = ["framenum", "bodyindexid", *(f"joint{joint + 1}_{axis}" for joint in range(NUM_JOINTS) for axis in AXES)]
    missing = [name for name in needed if name not in numbers]
    if missing:
        must = "have the columns frameNum, bodyindexID and joint1_3dX to joint25_3dZ"
        fail(f"'{path}'", must, f"no {missing[0]} among {len(names)}", CURE)
    states = [numbers.get(f"joint{joint + 1}_trackingstate", -1) for joint in range(NUM_JOINTS)]
    coordinates = [[numbers[f"joint{joint + 1}_{axis}"] for axis in AXES] for joint in range(NUM_JOINTS)]
    return _Columns(numbers["framenum"], numbers["bodyindexid"], coordinates, None if -1 in states else states)


def _parse_joints(path: str | Path, line: int, fields: Sequence[str], columns: _Columns) -> np.ndarray:
    """Return coordinates in our axes and the score of each joint, float32 ``[25, 4]``."""
    rows = np.ones((NUM_JOINTS, 4), np.float64)
    for joint, numbers in enumerate(columns.coordinates):
        for axis, number in enumerate(numbers):
            rows[joint, axis] = _parse_number(path, line, fields[number])
        if columns.states is not None:
            state = _parse_number(path, line, fields[columns.states[joint]])
            if state not in SCORES:
                fail(f"'{path}' line {line}", "have tracking states of 0, 1 or 2", f"{state:g}", CURE)
            rows[joint, 3] = SCORES[int(state)]
    with np.errstate(over="ignore"):
        joints = rows.astype(np.float32)
    joints[:, :3] *= NTU_AXES
    return joints


def _parse_number(path: str | Path, line: int, text: str) -> float:
    try:
        return float(text) if text.strip() else float("nan")
    except ValueError:
        fail(f"'{path}' line {line}", "hold numbers", f"'{printable(text, 30)}'", CURE)


def _parse_integer(path: str | Path, line: int, subject: str, text: str) -> int:
    if not INTEGER.fullmatch(text.strip()):
        fail(f"'{path}' line {line}", f"have an integer {subject}", f"'{printable(text, 30)}'", CURE)
    return int(float(text))
