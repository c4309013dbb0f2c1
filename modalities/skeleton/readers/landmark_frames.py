"""Frames of MediaPipe's landmarks in JSON, whatever containers lie around the landmarks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.readers.joint_names import plain_name
from triad.modalities.skeleton.readers.json_cursor import JsonCursor

WORLD = ("poseWorldLandmarks", "pose_world_landmarks", "world_landmarks", "worldLandmarks", "keypoints3D")
IMAGE = ("poseLandmarks", "pose_landmarks", "landmarks", "landmark", "pose", "keypoints")
CONTAINERS = ("result", "results", "detection_result", "poses")
NUMBERS = ("frame", "frame_index", "frame_number", "frame_id", "frameIndex", "frameNumber")
SECONDS = {"timestamp_ms": 1e-3, "timestampMs": 1e-3, "time_ms": 1e-3, "timestamp_s": 1.0, "time_s": 1.0}
"""Seconds of a unit of a frame's time; ``timestamp`` alone is of no known unit."""
SCORES = ("visibility", "score", "confidence")
MAX_JOINTS = 600
MAX_DEPTH = 8


@dataclass
class LandmarkFrame:
    """Persons of a frame: coordinates and score of each joint, ``[V, 4]``.

    Attributes:
        world: persons in metres.
        image: persons in fractions or pixels of the image.
        number: number of the frame that the file says.
        time: time of the frame in seconds that the file says.
    """

    world: list[np.ndarray] = field(default_factory=list)
    image: list[np.ndarray] = field(default_factory=list)
    number: int | None = None
    time: float | None = None


def read_frame(cursor: JsonCursor, subject: str) -> LandmarkFrame:
    """Read a frame: its landmarks, a list of persons, or an object that holds them; ``null`` shows nobody."""
    frame = LandmarkFrame()
    _read_value(cursor, frame, frame.image, subject)
    return frame


def read_field(cursor: JsonCursor, frame: LandmarkFrame, key: str, subject: str) -> bool:
    """Read the value of a key of a frame; return whether it is one that frames have, else the value is not taken."""
    return _read_field(cursor, frame, frame.image, key, subject, 0)


def _read_field(
    cursor: JsonCursor, frame: LandmarkFrame, people: list[np.ndarray], key: str, subject: str, depth: int
) -> bool:
    if key in WORLD:
        _read_value(cursor, frame, frame.world, f"{key} of {subject}", depth + 1)
    elif key in IMAGE or key in CONTAINERS:
        _read_value(cursor, frame, people, f"{key} of {subject}", depth + 1)
    elif key in NUMBERS and cursor.kind() == "number":
        value = cursor.read_number(f"{key} of {subject}")
        frame.number = int(value) if 0 <= value < 2**24 and value == value // 1 else None
    elif key in SECONDS and cursor.kind() == "number":
        frame.time = SECONDS[key] * cursor.read_number(f"{key} of {subject}")
    else:
        return False
    return True


def _read_value(
    cursor: JsonCursor, frame: LandmarkFrame, people: list[np.ndarray], subject: str, depth: int = 0
) -> np.ndarray | None:
    """Return the row of a landmark; of other values add the persons that they hold to ``people``."""
    if depth > MAX_DEPTH:
        cursor.fail(f"hold landmarks at most {MAX_DEPTH} levels deep", f"more at {subject}")
    kind = cursor.kind()
    if kind == "map":
        return _read_map(cursor, frame, people, subject, depth)
    if kind == "array":
        return _read_array(cursor, frame, people, subject, depth)
    cursor.skip()
    return None


def _read_map(
    cursor: JsonCursor, frame: LandmarkFrame, people: list[np.ndarray], subject: str, depth: int
) -> np.ndarray | None:
    row = np.array([np.nan, np.nan, 0, 1], np.float32)
    is_landmark = False
    for key in cursor.keys(subject):
        if key in ("x", "y", "z"):
            row["xyz".index(key)] = cursor.read_number(f"{key} of {subject}")
            is_landmark = True
        elif key in SCORES:
            score = cursor.read_number(f"{key} of {subject}")
            row[3] = 1 if np.isnan(score) else score  # null: the file does not say
        elif not _read_field(cursor, frame, people, key, subject, depth):
            if cursor.kind() == "map" and plain_name(key) in get_layout("blazepose33").joints:
                cursor.fail(f"hold {subject} in MediaPipe's order", f"landmarks by name ('{plain_name(key)}')")
            cursor.skip()
    return row if is_landmark else None


def _read_array(
    cursor: JsonCursor, frame: LandmarkFrame, people: list[np.ndarray], subject: str, depth: int
) -> np.ndarray | None:
    rows: list[np.ndarray] = []
    numbers: list[float] = []
    for number in cursor.items(subject):
        if cursor.kind() == "number":
            numbers.append(cursor.read_number(subject))
        else:
            row = _read_value(cursor, frame, people, f"{number} of {subject}", depth + 1)
            rows += [] if row is None else [row]
        if max(len(rows), len(numbers), len(people)) > MAX_JOINTS:
            cursor.fail(f"hold {subject}, at most {MAX_JOINTS} landmarks", "more")
    if rows:
        people.append(np.stack(rows))
    if not numbers:
        return None
    values = np.array([np.nan, np.nan, 0, 1], np.float32)  # x, y, z and score of a landmark that is a list
    values[: min(len(numbers), 4)] = numbers[:4]
    return values
