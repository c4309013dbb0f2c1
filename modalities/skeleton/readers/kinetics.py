"""Kinetics-skeleton: a JSON file a video, as ST-GCN's authors published OpenPose's output."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.detections import Detections
from modalities.skeleton.readers.files import load
from modalities.skeleton.readers.json_walk import JsonWalk

JOINTS = 18
SIZE = (256, 340)


def read_kinetics(path: str | Path, *, size: tuple[int, int] = SIZE, most: int = 5) -> Poses:
    """Poses of ``{"data": [{"frame_index", "skeleton": [{"pose", "score"}, …]}, …], …}`` in pixels.

    Yan et al. 2018, Spatial Temporal Graph Convolutional Networks. The k-th person of each frame is person k of the
    poses, for the files tell no more. Frames count from 1 (from 0 if there is a frame 0); those that are left out show
    nobody.

    Args:
        path: file.
        size: height and width of the frames in pixels; the files hold fractions of them, and videos were brought to
            340×256 before.
        most: persons of a frame that are read, the first ones.

    Raises:
        InputError: if the file is no such JSON, naming the byte, or shows nobody.
    """
    data = load(path)
    walk = JsonWalk(path, data)
    people = Detections(path, data, layout="openpose18")
    scale = np.array(size[::-1], np.float32)
    last, num, first = -1, 0, 1
    for key in walk.members("a video"):
        if key != "data" or num:
            walk.skip()
            continue
        for place in walk.items("the frames"):
            index, persons = _frame(walk, place, most, scale)
            if not (last < index < 2**31 and index == int(index)):
                walk.fail(f"end a frame whose frame_index is a whole number above {last}", f"{index:g}")
            first = 0 if index == 0 else first
            last, num = int(index), int(index) + 1 - first
            for person, rows in enumerate(persons):
                people.add(person, num - 1, rows)
    walk.end()
    return people.poses(num)


def _frame(walk: JsonWalk, place: int, most: int, scale: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """Index and persons of a frame, ``[V, 3]`` each: pixels and score."""
    index = float("nan")
    persons: list[np.ndarray] = []
    for key in walk.members(f"frame {place}"):
        if key == "frame_index":
            index = walk.number(f"the index of frame {place}")
        elif key == "skeleton":
            persons = []
            for person in walk.items(f"the persons of frame {place}"):
                if person < most:
                    persons.append(_person(walk, f"of person {person} in frame {place}", scale))
                else:
                    walk.skip()
        else:
            walk.skip()
    return index, persons


def _person(walk: JsonWalk, whose: str, scale: np.ndarray) -> np.ndarray:
    pose = score = None
    for key in walk.members(f"a person: {whose}"):
        if key == "pose":
            pose = walk.numbers(f"pose {whose}", 2 * JOINTS).reshape(JOINTS, 2)
        elif key == "score":
            score = walk.numbers(f"score {whose}", JOINTS)
        else:
            walk.skip()
    if pose is None or score is None:
        walk.fail(f"end a person with pose and score: {whose}", "one without")
    return np.concatenate([pose * scale, score[:, None]], axis=1)
