"""Reader of Northwestern-UCLA as skeleton networks circulate it: one JSON file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.json_cursor import JsonCursor
from triad.modalities.skeleton.readers.pose_arrays import poses_from_kinect


def read_nucla(path: str | Path) -> Poses:
    """Read the poses of ``{"skeletons": [T][20][3], …}``: one person in the joint order of Kinect v1, metres.

    Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition. The files have no scores: a joint at the
    origin is missing, as is one with a value that is no number.

    Raises:
        InputError: If the file is no such JSON, or shows nobody.
    """
    cursor = JsonCursor(path, read_bytes(path))
    frames: list[np.ndarray] = []
    for key in cursor.keys("a clip"):
        if key == "skeletons":
            frames = [cursor.read_array(f"frame {index}", 20, 3) for index in cursor.items("the skeletons")]
        else:
            cursor.skip()
    cursor.read_end()
    if not frames:
        fail(f"'{path}'", 'hold frames at "skeletons"', "none", CURE)
    return poses_from_kinect(path, np.stack(frames), layout="kinect20")
