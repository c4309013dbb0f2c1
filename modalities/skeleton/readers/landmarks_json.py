"""Reader of MediaPipe's landmarks in JSON, as its results are dumped: frame by frame, person by person."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

WORLD = ("poseWorldLandmarks", "pose_world_landmarks", "world_landmarks", "worldLandmarks")
IMAGE = ("poseLandmarks", "pose_landmarks", "landmarks", "landmark", "pose", "keypoints")
NUMBERS = ("frame", "frame_index", "frame_number", "frame_id", "frameIndex", "frameNumber")
FRAMES = ("frames", "data", "results")
LAYOUT_BY_COUNT = {33: "blazepose33", 17: "coco17"}
MAX_JOINTS = 600


@dataclass
class Frame:
    """Persons of a frame: coordinates and score of each joint, ``[V, 4]``.

    Attributes:
        world: persons in metres.
        image: persons in fractions of the image.
        number: number of the frame that the file says.
    """

    world: list[np.ndarray] = field(default_factory=list)
    image: list[np.ndarray] = field(default_factory=list)
    number: int | None = None


def read_landmarks_json(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read the poses of a list of frames, each ``[{"x", "y", "z", "visibility"}, …]`` or an object that holds that.

    Bazarevsky et al. 2020, BlazePose; the frames may lie at ``frames``, ``data`` or ``results``, the landmarks of a
    frame at ``pose_world_landmarks`` (metres) or ``pose_landmarks`` (fractions of the image), of one person or a list
    of persons. World landmarks are read where there are some, unless the user's layout is 2D; of the others x and y,
    which are scaled to the size of the frames where the user gives it. The k-th person of each frame is person k.

    Args:
        path: path of the file.
        options: layout and size that the user names.

    Raises:
        InputError: If the file is no such JSON, people have different numbers of joints, or nobody is shown.
    """
    options = options or ReadOptions()
    data = read_bytes(path)
    cursor = JsonCursor(path, data)
    collector = _Collector(path, data, options)
    if cursor.kind() == "array":
        collector.add_frames(cursor)
    else:
        for key in cursor.keys("a recording"):
            if key in FRAMES and cursor.kind() == "array":
                collector.add_frames(cursor)
            elif key.isdecimal() and len(key) < 10:
                collector.add_numbered(cursor, int(key), _read_frame(cursor, f"frame {key}"))
            else:
                cursor.skip()
    cursor.read_end()
    return collector.recording()


class _Collector:
    """Persons of all frames, in the dimensions of the first frame that shows somebody."""

    def __init__(self, path: str | Path, data: bytes, options: ReadOptions) -> None:
        self.path = path
        self.data = data
        self.options = options
        self.num_frames = 0
        self.first: int | None = None
        self.dims = 0
        self.poses: PoseCollector | None = None

    def add_frames(self, cursor: JsonCursor) -> None:
        if self.num_frames:
            cursor.fail("hold one list of frames", "a second one")
        for number in cursor.items("the frames"):
            frame = _read_frame(cursor, f"frame {number}")
            self.add_numbered(cursor, number if frame.number is None else frame.number, frame)

    def add_numbered(self, cursor: JsonCursor, number: int, frame: Frame) -> None:
        """Add a frame by the number that the file gives it; those that are left out show nobody."""
        if self.first is None:
            self.first = number
        place = number - self.first
        if place < self.num_frames:
            cursor.fail("hold frames in turn", f"number {number} after {self.first + self.num_frames - 1}")
        self._add(place, frame)

    def _add(self, number: int, frame: Frame) -> None:
        self.num_frames = number + 1
        if not frame.world and not frame.image:
            return
        if self.poses is None:
            wants_2d = self.options.layout is not None and get_layout(self.options.layout).dims == 2
            self.dims = 2 if not frame.world or (frame.image and wants_2d) else 3
        persons = frame.world if self.dims == 3 else frame.image
        for person, rows in enumerate(persons):
            if self.poses is None:
                layout = LayoutChoice(self.path, LAYOUT_BY_COUNT).choose(len(rows), self.dims, self.options)
                self.poses = PoseCollector(self.path, self.data, layout=layout)
            if len(rows) != self.poses.layout.num_joints:
                must = f"have {self.poses.layout.num_joints} joints"
                fail(f"'{self.path}': person {person} of frame {number}", must, len(rows), CURE)
            joints = rows[:, [0, 1, 2, 3] if self.dims == 3 else [0, 1, 3]]
            if self.dims == 2 and self.options.size is not None:
                joints[:, :2] *= np.array(self.options.size[::-1], np.float32)
            self.poses.add(person, number, joints)

    def recording(self) -> SkeletonRecording:
        if self.poses is None:
            fail(f"'{self.path}'", "show somebody in some frame", f"nobody in {self.num_frames} frames", CURE)
        size = self.options.size if self.dims == 2 else None
        return SkeletonRecording(self.poses.poses(self.num_frames), size)


def _read_frame(cursor: JsonCursor, subject: str) -> Frame:
    kind = cursor.kind()
    frame = Frame()
    if kind == "map":
        for key in cursor.keys(subject):
            if key in WORLD:
                frame.world = _read_persons(cursor, f"{key} of {subject}")
            elif key in IMAGE:
                frame.image = _read_persons(cursor, f"{key} of {subject}")
            elif key in NUMBERS and cursor.kind() == "number":
                value = cursor.read_number(f"{key} of {subject}")
                frame.number = int(value) if value == value // 1 and 0 <= value < 2**24 else None
            else:
                cursor.skip()
    elif kind == "array":
        frame.image = _read_persons(cursor, subject)
    else:
        cursor.skip()  # null: nobody
    return frame


def _read_persons(cursor: JsonCursor, subject: str) -> list[np.ndarray]:
    """Read one person or a list of persons, each a list of landmarks or ``{"landmark": list}``."""
    kind = cursor.kind()
    if kind not in ("array", "map"):
        cursor.skip()
        return []
    if kind == "map":
        persons: list[np.ndarray] = []
        for key in cursor.keys(subject):
            if key in (*WORLD, *IMAGE) and cursor.kind() == "array":
                persons = _read_persons(cursor, subject)
            else:
                cursor.skip()
        return persons
    rows: list[np.ndarray] = []
    persons = []
    for number in cursor.items(subject):
        landmark = _read_landmark(cursor, f"landmark {number} of {subject}")
        if isinstance(landmark, list):
            persons += landmark
        else:
            rows.append(landmark)
        if len(rows) > MAX_JOINTS or len(persons) > MAX_JOINTS:
            cursor.fail(f"hold {subject}, at most {MAX_JOINTS} landmarks", "more")
    return persons + ([np.stack(rows)] if rows else [])


def _read_landmark(cursor: JsonCursor, subject: str) -> np.ndarray | list[np.ndarray]:
    """Read a landmark, ``[4]``, or the persons that lie in its place."""
    kind = cursor.kind()
    if kind == "array":
        rows: list[np.ndarray] = []
        for number in cursor.items(subject):
            inner = cursor.kind()
            if inner == "map":
                rows.append(_landmark(cursor, f"{subject}: landmark {number}"))
            else:
                rows.append(_pad(cursor.read_numbers(f"{subject}: landmark {number}")))
            if len(rows) > MAX_JOINTS:
                cursor.fail(f"hold {subject}, at most {MAX_JOINTS} landmarks", "more")
        return [np.stack(rows)] if rows else []
    return _landmark(cursor, subject)


def _landmark(cursor: JsonCursor, subject: str) -> np.ndarray:
    values = {"x": np.nan, "y": np.nan, "z": 0.0, "visibility": 1.0}
    for key in cursor.keys(subject):
        if key in values:
            values[key] = cursor.read_number(f"{key} of {subject}")
        elif key in ("score", "confidence"):
            values["visibility"] = cursor.read_number(f"{key} of {subject}")
        else:
            cursor.skip()
    return np.array(list(values.values()), np.float32)


def _pad(values: np.ndarray) -> np.ndarray:
    """Return x, y, z and score of a landmark that is a list."""
    row = np.array([np.nan, np.nan, 0, 1], np.float32)
    row[: min(len(values), 4)] = values[:4]
    return row
