"""Toyota Smarthome: a JSON file a clip, as LCR-Net++ writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.checks import fail
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.detections import Detections
from modalities.skeleton.readers.files import CURE, load
from modalities.skeleton.readers.json_walk import JsonWalk

JOINTS = 13


def read_lcrnet(path: str | Path) -> Poses:
    """Poses of ``{"njts": 13, "frames": [T][persons]{"pose3d", "pose2d", "cumscore"}}``, with their pixels.

    Rogez et al. 2019, LCR-Net++. Poses lie in the file as all x, then all y, then all z; what follows them (release
    1.2) is not read. The k-th person of each frame is person k of the poses, for the files tell no more. A joint's
    score is its person's ``cumscore``, which may pass 1, or 1 where the file has none. A person of whom a value is −1,
    or of whom only the pixels are missing, is lost in that frame, as is a joint with a value that is no number.

    Raises:
        InputError: if the file is no such JSON, naming the byte, or shows nobody.
    """
    data = load(path)
    walk = JsonWalk(path, data)
    pixels = b'"pose2d"' in data
    people = Detections(path, data, layout="smarthome13", pixels=pixels)
    num = 0
    for key in walk.members("a clip"):
        if key == "frames" and not num:
            for frame in walk.items("the frames"):
                num = frame + 1
                for person in walk.items(f"frame {frame}"):
                    people.add(person, frame, _person(walk, f"of person {person} in frame {frame}", pixels=pixels))
        elif key == "njts":
            if walk.number("the number of joints") != JOINTS:
                fail(f"'{path}': njts", f"be {JOINTS}", "another number", CURE)
        else:
            walk.skip()
    walk.end()
    return people.poses(num)


def _person(walk: JsonWalk, whose: str, *, pixels: bool) -> np.ndarray:
    """Metres, score and, if wanted, pixels of a person, ``[V, 4]`` or ``[V, 6]``."""
    found: dict[str, np.ndarray] = {}
    score = 1.0
    for key in walk.members(f"a person: {whose}"):
        if key in ("pose3d", "pose2d"):
            dims = int(key[4])
            values = walk.numbers(f"{key} {whose}", -1)
            if len(values) < dims * JOINTS:
                walk.fail(f"end {key} {whose}, {dims * JOINTS} numbers", len(values))
            found[key] = values[: dims * JOINTS].reshape(dims, JOINTS).T
        elif key == "cumscore":
            score = walk.number(f"cumscore {whose}")
        else:
            walk.skip()
    if "pose3d" not in found:
        walk.fail(f"end a person with pose3d: {whose}", "none")
    parts = [found["pose3d"], np.full((JOINTS, 1), score, np.float32)]
    if pixels:
        parts.append(found.get("pose2d", np.full((JOINTS, 2), -1, np.float32)))
    if any(np.any(part == -1) for part in parts):
        parts[1] = np.zeros_like(parts[1])
    return np.concatenate(parts, axis=1)
