"""Reader of C3D motion capture: markers of one or several people in a room, read through the package ``c3d``."""

from __future__ import annotations

import math
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import InputError, fail, printable
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.joint_names import mix_named_joints
from triad.modalities.skeleton.readers.marker_names import find_markers
from triad.modalities.skeleton.readers.pose_arrays import build_poses
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording, layout_in_metres
from triad.modalities.skeleton.readers.skeleton_format import FileHead

DEFAULT_LAYOUT = "h36m17"
BLOCK = 512
MAGIC = 0x50
PROCESSORS = (84, 85, 86)  # Intel, DEC, MIPS
METRES = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "in": 0.0254, "ft": 0.3048}
"""Metres of the units of ``POINT:UNITS``; a file without them is in millimetres, as the format recommends."""


def is_c3d(head: FileHead) -> bool:
    """Return whether a file begins as C3D: the mark of its header, and the processor of its parameters."""
    start = head.start
    if len(start) < 2 or start[1] != MAGIC or not 1 < start[0] < 32:
        return False
    processor = start[(start[0] - 1) * BLOCK + 3 :][:1]
    return len(processor) == 1 and processor[0] in PROCESSORS


def read_c3d(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of the people whose markers a C3D file holds.

    Joints are made of markers by :func:`find_markers`, in the unit of ``POINT:UNITS``, and brought to the layout
    (``h36m17`` unless the user names another one); what the markers do not cover is missing. A marker that the file
    calls invalid (negative residual), that is no number or lies exactly at the origin is missing, and with it its
    joint. The axes of the screen, ``POINT:X_SCREEN`` and ``POINT:Y_SCREEN``, say what is right and up; without them z
    is up. They are turned to x right, y down, z away from somebody who looks at that screen.

    Raises:
        InputError: naming the file, if it is damaged or cut off, no marker stands for a joint, or the package ``c3d``
            is not installed.
    """
    options = options or ReadOptions()
    layout = layout_in_metres(path, options, DEFAULT_LAYOUT)
    data = read_bytes(path)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of parameters that this reader does not need
            reader = _open(path, data)
            people = _find_people(path, reader, layout)
            names = tuple(dict.fromkeys(name for joints in people for name in joints))
            num_frames = _count_frames(path, reader, data)
            num_markers = sum(len(group) for joints in people for group in joints.values())
            needed = num_frames * (26 * num_markers + 32 * len(people) * (len(names) + layout.num_joints))
            check_memory(path, needed, data, subject=f"{num_frames} frames of {len(people)} people")
            points, scores = _read_joints(path, reader, people, names, num_frames)
            points = points * np.float32(_metres(path, reader)) @ _room_axes(reader).T
            fps = float(reader.point_rate)
    except InputError:
        raise
    except Exception as error:  # the package raises whatever its parsing stumbles over
        fail(f"'{path}'", "be a readable C3D file", f"{type(error).__name__}: {printable(error, 120)}", CURE)
    keypoints, mixed_scores = mix_named_joints(path, points, scores, names, layout)
    poses = build_poses(path, keypoints, mixed_scores, layout=layout.name)
    return SkeletonRecording(poses, None, round(fps, 4) if 0.1 < fps < 1e5 else None)


def _open(path: str | Path, data: bytes) -> Any:
    """Return the package's reader of the file, which has read its parameters: 255 blocks at most."""
    try:
        import c3d
    except ImportError:
        fail(f"'{path}'", "be read by the package c3d", "none", "pip install 'triad[c3d]'")
    return c3d.Reader(BytesIO(data))


def _find_people(path: str | Path, reader: Any, layout: Layout) -> list[dict[str, tuple[int, ...]]]:
    """Return the markers of each joint of each person."""
    labels = _read_labels(path, reader)
    people = find_markers(labels, layout)
    if not people:
        got = printable(", ".join(labels), 80) or "none"
        cure = "name a layout of your own whose joints are the markers (a .json or .toml file)"
        fail(f"markers of '{path}'", "stand for joints (Plug-in Gait, CMU, or joints by name)", got, cure)
    return people


def _read_labels(path: str | Path, reader: Any) -> list[str]:
    """Return the names of the markers; more than 255 are continued in ``LABELS2`` and so on."""
    labels: list[str] = []
    for suffix in ("", *range(2, 258)):
        parameter = reader.get(f"POINT:LABELS{suffix}")
        if parameter is None:
            break
        width, *counts = parameter.dimensions or (0, 0)
        count = math.prod(counts)
        if len(counts) > 1 or width * count > len(parameter.bytes):
            got = printable(f"{parameter.dimensions} in {len(parameter.bytes)} bytes", 60)
            fail(f"labels of '{path}'", "be one text each", got, CURE)
        cells = (parameter.bytes[width * number : width * (number + 1)] for number in range(count))
        labels += [cell.decode("utf-8", "replace").strip("\0 ") for cell in cells]
    return labels[: int(reader.point_used)]


def _count_frames(path: str | Path, reader: Any, data: bytes) -> int:
    """Return the number of frames, all of which the file must hold."""
    num_frames = int(reader.frame_count)
    word = 4 if reader.point_scale < 0 else 2
    values = 4 * int(reader.point_used) + int(reader.analog_used) * int(reader.analog_per_frame)
    held = max(len(data) - (int(reader.header.data_block) - 1) * BLOCK, 0) // max(word * values, 1)
    if num_frames < 1 or reader.point_used < 1:
        fail(f"'{path}'", "hold frames of markers", f"{num_frames} frames of {reader.point_used}", CURE)
    if held < num_frames:
        fail(f"'{path}'", f"hold {num_frames} frames as its header says", f"{held}", "copy or export it again")
    return num_frames


def _read_joints(
    path: str | Path, reader: Any, people: list[dict[str, tuple[int, ...]]], names: tuple[str, ...], num_frames: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return joints in the file's unit and axes, ``[M, T, J, 3]``, and their scores ``[M, T, J]``."""
    used = sorted({marker for joints in people for group in joints.values() for marker in group})
    positions = np.zeros((num_frames, len(used), 3), np.float32)
    visible = np.zeros((num_frames, len(used)), bool)
    time = -1
    for time, (_, markers, _) in enumerate(reader.read_frames(copy=False)):
        positions[time] = markers[used, :3]
        visible[time] = markers[used, 3] >= 0
    if time + 1 != num_frames:
        fail(f"'{path}'", f"hold {num_frames} frames as its header says", time + 1, "copy or export it again")
    visible &= positions.any(-1)
    points = np.zeros((len(people), num_frames, len(names), 3), np.float32)
    scores = np.zeros((len(people), num_frames, len(names)), np.float32)
    for person, joints in enumerate(people):
        for joint, group in joints.items():
            columns = [used.index(marker) for marker in group]
            number = names.index(joint)
            scores[person, :, number] = visible[:, columns].all(-1)
            points[person, :, number] = positions[:, columns].mean(1)
    points[scores == 0] = 0
    return points, scores


def _metres(path: str | Path, reader: Any) -> float:
    parameter = reader.get("POINT:UNITS")
    unit = "" if parameter is None else parameter.string_value.strip("\0 ").lower()
    if unit and unit not in METRES:
        fail(f"POINT:UNITS of '{path}'", f"be one of {', '.join(METRES)}", f"'{printable(unit, 30)}'", CURE)
    return METRES[unit or "mm"]


def _room_axes(reader: Any) -> np.ndarray:
    """Return the rotation from the file's axes to x right, y down, z away, ``[3, 3]``."""
    screen = reader.get_screen_axis() or ("", "")
    right, up = (_axis(text) for text in screen)
    if up is None:
        up = np.array([0, 0, 1], np.float32)
    if right is None or (right * up).any():
        right = np.array([0, 1, 0] if up[0] else [1, 0, 0], np.float32)
    return np.stack([right, -up, np.cross(up, right)]).astype(np.float32)


def _axis(text: str) -> np.ndarray | None:
    """Return the direction of an axis as ``+X``, ``-Z`` or ``Y`` name it; None for other texts."""
    word = text.strip("\0 ").upper()
    letter = word.removeprefix("+").removeprefix("-")
    if letter not in ("X", "Y", "Z"):
        return None
    axis = np.zeros(3, np.float32)
    axis["XYZ".index(letter)] = -1 if word.startswith("-") else 1
    return axis
