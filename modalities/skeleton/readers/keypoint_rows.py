"""Reader of keypoints in CSV with a row a joint: frame, joint, x, y, as data frames in long form are saved."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.skeleton.readers.file_bytes import check_memory
from triad.modalities.skeleton.readers.keypoint_columns import Column, joint_indices, parse_column, to_number
from triad.modalities.skeleton.readers.pose_arrays import build_poses
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording, rate_of

MAX_JOINTS = 600
MAX_PERSONS = 1000
CURE = "a table with a row a joint has the columns frame, joint, x, y, perhaps z, score, person, time"


def read_joint_rows(
    path: str | Path,
    data: bytes,
    rows: Iterable[tuple[int, list[str]]],
    roles: Mapping[str, int],
    header: Sequence[str],
    options: ReadOptions,
) -> SkeletonRecording:
    """Read the poses of rows ``frame``, ``joint``, ``x``, ``y``, in any order; a joint without a row is missing.

    Without ``frame``, each ``time`` is a frame. Joints are named or numbered as in :func:`read_keypoint_csv`.

    Args:
        path: name of the file in errors.
        data: content of the file, whose size bounds the memory of the poses.
        rows: line and fields of each row.
        roles: columns of :func:`find_roles`.
        header: names of the columns.
        options: layout that the user names.

    Raises:
        InputError: If a row has other fields, a joint is there twice, joints are unknown, or nobody is shown.
    """
    collector = _RowCollector(path, roles, header)
    for line, fields in rows:
        if len(fields) != len(header):
            fail(f"'{path}' line {line}", f"have {len(header)} fields as the header", len(fields), CURE)
        collector.add(line, fields)
    return collector.recording(data, options)


class _RowCollector:
    """Collects the rows in compact arrays."""

    def __init__(self, path: str | Path, roles: Mapping[str, int], header: Sequence[str]) -> None:
        self.path = path
        self.roles = roles
        clock = next((name for name in ("frame", "time") if name in roles), None)
        if clock is None:
            fail(f"'{path}'", "have the column frame beside joint", "none", CURE)
        self.clock = clock
        self.factor = parse_column(header[roles["time"]]).factor if "time" in roles else None
        self.axes = [axis for axis in ("x", "y", "z", "score") if axis in roles]
        self.joints: dict[str, int] = {}
        self.persons: dict[float | str, int] = {}
        self._clocks = array("d")
        self._times = array("d")
        self._persons = array("h")
        self._joints = array("h")
        self._values = array("f")

    def add(self, line: int, fields: list[str]) -> None:
        moment = to_number(fields[self.roles[self.clock]])
        if not abs(moment) < 2**53 or (self.clock == "frame" and moment != int(moment)):
            must = "be a whole number" if self.clock == "frame" else "be a number"
            got = f"'{printable(fields[self.roles[self.clock]], 30)}'"
            fail(f"'{self.path}' line {line}: {self.clock}", must, got, CURE)
        name = fields[self.roles["person"]].strip() if "person" in self.roles else ""
        number = to_number(name)
        person = self.persons.setdefault(number if isfinite(number) else name, len(self.persons))
        joint = self.joints.setdefault(fields[self.roles["joint"]].strip(), len(self.joints))
        if person >= MAX_PERSONS or joint >= MAX_JOINTS:
            must = f"hold at most {MAX_PERSONS} persons of {MAX_JOINTS} joints"
            fail(f"'{self.path}'", must, f"more in line {line}", CURE)
        self._clocks.append(moment)
        self._persons.append(person)
        self._joints.append(joint)
        if self.factor is not None:
            self._times.append(self.factor * to_number(fields[self.roles["time"]]))
        values = [to_number(fields[self.roles[axis]]) for axis in self.axes]
        self._values.extend(value if abs(value) < 3e38 else np.nan for value in values)

    def recording(self, data: bytes, options: ReadOptions) -> SkeletonRecording:
        """Return the poses of all rows."""
        if not self._clocks:
            fail(f"'{self.path}'", "have rows below its header", "none", CURE)
        frames, fps = self._number_frames()
        dims = 3 if "z" in self.axes else 2
        columns = [Column(joint, axis) for joint in self.joints for axis in self.axes]
        layout, indices = joint_indices(self.path, columns, dims, options)
        index_of = np.array([indices.get(joint, -1) for joint in self.joints])[np.frombuffer(self._joints, np.int16)]
        is_known = index_of >= 0
        num_frames = int(frames.max()) + 1
        shape = (len(self.persons), num_frames, layout.num_joints)
        needed = 4 * len(self.persons) * num_frames * layout.num_joints * (dims + 1)
        check_memory(self.path, needed, data, subject=f"{len(self.persons)} persons × {num_frames} frames", times=4)
        flat_indices = np.ravel_multi_index(
            (np.frombuffer(self._persons, np.int16)[is_known], frames[is_known], index_of[is_known]), shape
        )
        if len(np.unique(flat_indices)) < len(flat_indices):
            must = "hold each joint of a frame once"
            fail(f"'{self.path}'", must, "one twice", "name persons in a column person, or number the frames in turn")
        values = np.frombuffer(self._values, np.float32).reshape(-1, len(self.axes))[is_known]
        keypoints = np.zeros((*shape, dims), np.float32)
        keypoints.reshape(-1, dims)[flat_indices] = values[:, :dims]
        scores = np.zeros(shape, np.float32)
        scores.reshape(-1)[flat_indices] = values[:, dims] if "score" in self.axes else values.any(-1)
        return SkeletonRecording(build_poses(self.path, keypoints, scores, layout=layout.name), None, fps)

    def _number_frames(self) -> tuple[np.ndarray, float | None]:
        """Return the index of the frame of each row, and poses per second where there are times."""
        clocks = np.frombuffer(self._clocks, np.float64)
        if self.clock == "frame":
            frames = (clocks - clocks.min()).astype(np.int64)
        else:
            frames = np.unique(clocks, return_inverse=True)[1]
        if self.factor is None:
            return frames, None
        _, rows = np.unique(frames, return_index=True)
        times = np.frombuffer(self._times, np.float64)[rows[:1000]]
        return frames, rate_of(times.tolist())
