"""PKU-MMD: a text file a video."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.files import from_kinect, load
from modalities.skeleton.readers.lines import Lines


def read_pku(path: str | Path) -> Poses:
    """Poses of rows of 150 numbers, ``x y z`` of 25 joints of one body, then of a second, in metres.

    Liu et al. 2017, PKU-MMD. The files say nothing of confidence: a joint at the origin is lost, as is one with a value
    that is no number; a second body that is never there is left out.

    Raises:
        InputError: if the file holds something else, naming the line, or shows nobody.
    """
    lines = Lines(path, load(path))
    frames: list[np.ndarray] = []
    while not lines.done:
        row = lines.numbers(f"frame {len(frames)}, 2 bodies of 25 joints", 150)
        with np.errstate(over="ignore"):
            frames.append(np.array(row, np.float64).astype(np.float32))
    points = np.array(frames, np.float32).reshape(-1, 2, 25, 3).swapaxes(0, 1)  # [T, M, V, C] -> [M, T, V, C]
    if not points[1].any():
        points = points[:1]
    return from_kinect(path, points, layout="ntu25")
