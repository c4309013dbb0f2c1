"""Reader of Toyota Smarthome: one JSON file a clip, the output of LCR-Net++."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.pose_collector import PoseCollector

NUM_JOINTS = 13
DIMS = {"pose3d": 3, "pose2d": 2}


def read_lcrnet(path: str | Path) -> Poses:
    """Read the poses of ``{"njts": 13, "frames": [T][persons]{"pose3d", "pose2d", "cumscore"}}``, with their pixels.

    Rogez et al. 2019, LCR-Net++. A pose lies in the file as all x, then all y, then all z; what follows (release 1.2)
    is not read. The files do not track people: the k-th person of each frame is person k of the poses. A joint's score
    is its person's ``cumscore``, which may pass 1, or 1 where the file has none. A person with a value of −1, or
    without pixels where others have them, is missing in that frame, as is a joint with a value that is no number.

    Raises:
        InputError: If the file is no such JSON, or shows nobody.
    """
    data = read_bytes(path)
    cursor = JsonCursor(path, data)
    pixels = b'"pose2d"' in data
    collector = PoseCollector(path, data, layout="smarthome13", pixels=pixels)
    num_frames = 0
    for key in cursor.keys("a clip"):
        if key == "frames" and not num_frames:
            for frame in cursor.items("the frames"):
                num_frames = frame + 1
                for person in cursor.items(f"frame {frame}"):
                    rows = _read_person(cursor, f"person {person} of frame {frame}", pixels=pixels)
                    collector.add(person, frame, rows)
        elif key == "njts":
            if cursor.read_number("the number of joints") != NUM_JOINTS:
                fail(f"'{path}': njts", f"be {NUM_JOINTS}", "another number", CURE)
        else:
            cursor.skip()
    cursor.read_end()
    return collector.poses(num_frames)


def _read_person(cursor: JsonCursor, name: str, *, pixels: bool) -> np.ndarray:
    """Read metres and score and, if asked for, pixels of a person's joints, ``[V, 4]`` or ``[V, 6]``."""
    poses: dict[str, np.ndarray] = {}
    score = 1.0
    for key in cursor.keys(name):
        if key in DIMS:
            values = cursor.read_numbers(f"{key} of {name}")
            length = DIMS[key] * NUM_JOINTS
            if len(values) < length:
                cursor.fail(f"hold {key} of {name}, {length} numbers", len(values))
            poses[key] = values[:length].reshape(DIMS[key], NUM_JOINTS).T
        elif key == "cumscore":
            score = cursor.read_number(f"cumscore of {name}")
        else:
            cursor.skip()
    if "pose3d" not in poses:
        cursor.fail(f"hold pose3d of {name}", "none")
    columns = [poses["pose3d"], np.full((NUM_JOINTS, 1), score, np.float32)]
    if pixels:
        columns.append(poses.get("pose2d", np.full((NUM_JOINTS, 2), -1, np.float32)))
    if any(np.any(column == -1) for column in columns):
        columns[1] = np.zeros_like(columns[1])
    return np.concatenate(columns, axis=1)
