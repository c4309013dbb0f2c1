"""Reader of BVH motion capture: a tree of joints with offsets, and rotations frame by frame."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import NoReturn

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts.layout import Layout
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.joint_names import bone_joint, mix_named_joints, plain_name
from triad.modalities.skeleton.readers.pose_arrays import build_poses
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording, layout_in_metres

MAX_JOINTS = 500
CHUNK = 256
"""Frames that are placed at once."""
DEFAULT_LAYOUT = "h36m17"


class Joint:
    """A joint of the tree.

    Args:
        name: name in the file.
        parent: index of its parent, −1 for the root.
    """

    def __init__(self, name: str, parent: int) -> None:
        self.name = name
        self.parent = parent
        self.offset = np.zeros(3)
        self.channels: list[tuple[str, int]] = []


def read_bvh(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of one person from a BVH file, whose y is up, and turn them to x right, y down, z away.

    Joints are placed by the offsets and the rotations above them, and brought to the layout (``h36m17`` unless the user
    names another one) by their names; what a layout lacks is left out, what the file lacks is missing. The length unit
    of BVH is the file's own: bodies taller than 20 are taken for centimetres. The room has no camera: z points away
    from somebody who looks along the file's −z.

    Raises:
        InputError: naming the line, if the file holds something else, or no joint has a known name.
    """
    options = options or ReadOptions()
    data = read_bytes(path)
    words = _Words(path, data)
    joints = _read_hierarchy(words)
    num_frames, frame_time = _read_counts(words)
    channels = sum(len(joint.channels) for joint in joints)
    layout = layout_in_metres(path, options, DEFAULT_LAYOUT)
    needed = num_frames * (8 * channels + 24 * len(joints) + 32 * layout.num_joints)
    check_memory(path, needed, data, subject=f"{num_frames} frames")
    numbers = array("d")
    for _ in range(num_frames * channels):
        numbers.append(words.number("a value of the motion"))
    words.end()
    values = np.frombuffer(numbers, np.float64).reshape(num_frames, channels) if channels else np.zeros((num_frames, 0))
    positions = np.empty((num_frames, len(joints), 3), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, num_frames, CHUNK):
            positions[start : start + CHUNK] = _place(joints, values[start : start + CHUNK])
        height = (positions[..., 1].max(-1) - positions[..., 1].min(-1)).max()
        positions *= np.array([1, -1, -1], np.float32) * np.float32(0.01 if height > 20 else 1)
    poses = _to_layout(path, joints, positions, layout)
    return SkeletonRecording(poses, None, round(1 / frame_time, 4) if 1e-4 < frame_time < 10 else None)


class _Words:
    """Words of the file, in turn."""

    def __init__(self, path: str | Path, data: bytes) -> None:
        self.path = path
        self._words = self._iterate(data)
        self.line = 0

    def _iterate(self, data: bytes) -> Iterator[str]:
        start = 0
        while start < len(data):
            self.line += 1
            end = data.find(b"\n", start)
            end = len(data) if end < 0 else end
            line = data[start:end]
            start = end + 1
            if line.strip():
                position = 0
                while position < len(line):  # long lines word by word: split() would copy all of them
                    piece = line[position : position + 4096]
                    cut = len(piece) if position + 4096 >= len(line) else max(piece.rfind(b" "), piece.rfind(b"\t")) + 1
                    if cut <= 0:
                        self.fail("hold words of at most 4096 characters", "a longer one")
                    position += cut
                    yield from (word.decode("latin-1") for word in piece[:cut].split())

    def fail(self, must: str, got: object) -> NoReturn:
        fail(f"'{self.path}' line {self.line}", must, got, CURE)

    def next(self, subject: str) -> str:
        word = next(self._words, None)
        if word is None:
            fail(f"'{self.path}' line {self.line}", f"hold {subject}", "the end of the file", CURE)
        return word

    def expect(self, *words: str) -> str:
        word = self.next(" or ".join(words))
        if word.upper() not in words:
            self.fail(f"hold {' or '.join(words)}", f"'{printable(word, 30)}'")
        return word.upper()

    def number(self, subject: str) -> float:
        word = self.next(subject)
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            self.fail(f"hold {subject}, a number", f"'{printable(word, 30)}'")
        return value

    def end(self) -> None:
        if (word := next(self._words, None)) is not None:
            self.fail("end after its frames", f"'{printable(word, 30)}'")


def _read_hierarchy(words: _Words) -> list[Joint]:
    words.expect("HIERARCHY")
    words.expect("ROOT")
    joints: list[Joint] = []
    stack: list[int] = []
    word = "ROOT"
    while True:
        if word in ("ROOT", "JOINT", "END"):
            name = words.next("the name of a joint")
            joints.append(Joint("" if word == "END" else name, stack[-1] if stack else -1))
            if len(joints) > MAX_JOINTS:
                words.fail(f"have at most {MAX_JOINTS} joints", "more")
            words.expect("{")
            stack.append(len(joints) - 1)
        elif word == "OFFSET":
            joints[stack[-1]].offset = np.array([words.number("an offset") for _ in range(3)])
        elif word == "CHANNELS":
            joints[stack[-1]].channels = _read_channels(words)
        else:
            stack.pop()
            if not stack:
                return joints
        word = words.expect("JOINT", "END", "OFFSET", "CHANNELS", "}")


def _read_channels(words: _Words) -> list[tuple[str, int]]:
    count = words.number("the number of channels")
    if count not in range(7):
        words.fail("have 0–6 channels a joint", f"{count:g}")
    channels = []
    for _ in range(int(count)):
        name = words.next("a channel").lower()
        if name[1:] not in ("position", "rotation") or name[0] not in "xyz":
            words.fail("name a channel, Xposition … Zrotation", f"'{printable(name, 30)}'")
        channels.append((name[1:], "xyz".index(name[0])))
    return channels


def _read_counts(words: _Words) -> tuple[int, float]:
    words.expect("MOTION")
    words.expect("FRAMES:")
    num_frames = words.number("the number of frames")
    if not (num_frames == int(num_frames) and 1 <= num_frames < 2**31):
        words.fail("have frames", f"{num_frames:g}")
    words.expect("FRAME")
    words.expect("TIME:")
    return int(num_frames), words.number("the time of a frame")


def _place(joints: list[Joint], values: np.ndarray) -> np.ndarray:
    """Return the positions of the joints, float64 ``[T, V, 3]``, by the channels ``[T, channels]``."""
    num_frames = len(values)
    positions = np.zeros((num_frames, len(joints), 3))
    rotations: list[np.ndarray] = []
    column = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for number, joint in enumerate(joints):
            above = rotations[joint.parent] if joint.parent >= 0 else np.broadcast_to(np.eye(3), (num_frames, 3, 3))
            position = np.tile(joint.offset, (num_frames, 1))
            turned = above
            for kind, axis in joint.channels:
                if kind == "position":
                    position[:, axis] = values[:, column] + (0 if joint.parent < 0 else joint.offset[axis])
                else:
                    turned = turned @ _rotation(axis, np.radians(values[:, column]))
                column += 1
            start = positions[:, joint.parent] if joint.parent >= 0 else 0
            positions[:, number] = start + np.einsum("tij,tj->ti", above, position)
            rotations.append(turned)
    return positions


def _rotation(axis: int, angles: np.ndarray) -> np.ndarray:
    """Return rotations about an axis, ``[T]`` radians -> ``[T, 3, 3]``."""
    matrices = np.tile(np.eye(3), (len(angles), 1, 1))
    first, second = (axis + 1) % 3, (axis + 2) % 3
    matrices[:, first, first] = matrices[:, second, second] = np.cos(angles)
    matrices[:, second, first] = np.sin(angles)
    matrices[:, first, second] = -matrices[:, second, first]
    return matrices


def _to_layout(path: str | Path, joints: list[Joint], positions: np.ndarray, target: Layout) -> Poses:
    """Return the joints of known names in a layout."""
    named: dict[str, int] = {}
    for number, joint in enumerate(joints):
        if joint.name:
            named.setdefault(joint.name if joint.name in target.joints else bone_joint(joint.name), number)
    for side in ("left", "right"):  # files with collars name the joint of the upper arm shoulder
        for number, joint in enumerate(joints):
            if joint.name and plain_name(joint.name.rpartition(":")[2]) == f"{side}_shoulder":
                named.setdefault(f"{side}_shoulder", number)
    names = tuple(named)
    points = positions[None][:, :, list(named.values())]
    points = np.where(np.isfinite(points), points, 0)
    keypoints, scores = mix_named_joints(path, points, np.ones(points.shape[:3], np.float32), names, target)
    return build_poses(path, keypoints, scores, layout=target.name)
