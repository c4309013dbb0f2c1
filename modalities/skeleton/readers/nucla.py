"""Northwestern-UCLA as skeleton networks circulate it: a JSON file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.checks import fail
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.files import CURE, from_kinect, load
from modalities.skeleton.readers.json_walk import JsonWalk


def read_nucla(path: str | Path) -> Poses:
    """Poses of ``{"skeletons": [T][20][3], …}``, one person in the order of Kinect v1.

    Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition. The files say nothing of confidence: a
    joint at the origin is lost, as is one with a value that is no number.

    Raises:
        InputError: if the file is no such JSON, naming the byte, or shows nobody.
    """
    walk = JsonWalk(path, load(path))
    frames: list[np.ndarray] = []
    for key in walk.members("a clip"):
        if key == "skeletons":
            frames = [walk.numbers(f"frame {place}", 20, 3) for place in walk.items("the skeletons")]
        else:
            walk.skip()
    walk.end()
    if not frames:
        fail(f"'{path}'", 'hold frames at "skeletons"', "none", CURE)
    return from_kinect(path, np.stack(frames), layout="kinect20")
