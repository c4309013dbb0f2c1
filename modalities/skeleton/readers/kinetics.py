"""Reader of Kinetics-skeleton: one JSON file a video, OpenPose's output as ST-GCN's authors published it."""

from __future__ import annotations

from math import nan
from pathlib import Path

import numpy as np

from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.pose_collector import PoseCollector

NUM_JOINTS = 18
SIZE = (256, 340)
"""Height and width of the published videos' frames, pixels."""


def read_kinetics(path: str | Path, *, size: tuple[int, int] = SIZE, max_persons: int = 5) -> Poses:
    """Read the poses of ``{"data": [{"frame_index", "skeleton": [{"pose", "score"}, …]}, …], …}`` in pixels.

    Yan et al. 2018, Spatial Temporal Graph Convolutional Networks. The files do not track people: the k-th person of
    each frame is person k of the poses. Frames count from 1 (from 0 if there is a frame 0); frames that are left out
    show nobody.

    Args:
        path: path of the file.
        size: height and width of the frames in pixels; the files hold fractions of them.
        max_persons: number of persons of a frame to read, the first ones.

    Raises:
        InputError: If the file is no such JSON, or shows nobody.
    """
    data = read_bytes(path)
    cursor = JsonCursor(path, data)
    collector = PoseCollector(path, data, layout="openpose18")
    scale = np.array(size[::-1], np.float32)
    previous = -1
    first_index = 1
    num_frames = 0
    for key in cursor.keys("a video"):
        if key != "data" or num_frames:
            cursor.skip()
            continue
        for position in cursor.items("the frames"):
            index, persons = _read_frame(cursor, position, max_persons, scale)
            if not (previous < index < 2**31 and index == int(index)):
                cursor.fail(f"hold a frame whose frame_index is a whole number above {previous}", f"{index:g}")
            if index == 0:
                first_index = 0
            previous = int(index)
            num_frames = previous + 1 - first_index
            for person, rows in enumerate(persons):
                collector.add(person, num_frames - 1, rows)
    cursor.read_end()
    return collector.poses(num_frames)


def _read_frame(
    cursor: JsonCursor, position: int, max_persons: int, scale: np.ndarray
) -> tuple[float, list[np.ndarray]]:
    """Read the index of a frame, and pixels and score of its persons' joints, ``[V, 3]`` each."""
    index = nan
    persons: list[np.ndarray] = []
    for key in cursor.keys(f"frame {position}"):
        if key == "frame_index":
            index = cursor.read_number(f"the index of frame {position}")
        elif key == "skeleton":
            persons = []
            for person in cursor.items(f"the persons of frame {position}"):
                if person < max_persons:
                    persons.append(_read_person(cursor, f"person {person} of frame {position}", scale))
                else:
                    cursor.skip()
        else:
            cursor.skip()
    return index, persons


def _read_person(cursor: JsonCursor, name: str, scale: np.ndarray) -> np.ndarray:
    pose = None
    score = None
    for key in cursor.keys(name):
        if key == "pose":
            pose = cursor.read_array(f"the pose of {name}", 2 * NUM_JOINTS).reshape(NUM_JOINTS, 2)
        elif key == "score":
            score = cursor.read_array(f"the score of {name}", NUM_JOINTS)
        else:
            cursor.skip()
    if pose is None or score is None:
        cursor.fail(f"hold pose and score of {name}", "a person without")
    return np.concatenate([pose * scale, score[:, None]], axis=1)
