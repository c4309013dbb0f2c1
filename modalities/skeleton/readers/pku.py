"""Reader of PKU-MMD: one text file a video."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.pose_arrays import poses_from_kinect
from triad.modalities.skeleton.readers.text_lines import TextLines


def read_pku(path: str | Path) -> Poses:
    """Read poses from rows of 150 numbers: ``x y z`` of 25 joints of one body, then of a second one, in metres.

    Liu et al. 2017, PKU-MMD. The files have no scores: a joint at the origin is missing, as is one with a value that is
    no number. A second body that never appears is left out.

    Raises:
        InputError: naming the line, if the file holds something else or shows nobody.
    """
    lines = TextLines(path, read_bytes(path))
    frames: list[np.ndarray] = []
    while not lines.at_end:
        row = lines.read_numbers(f"frame {len(frames)}, 2 bodies of 25 joints", 150)
        with np.errstate(over="ignore"):
            frames.append(np.array(row, np.float64).astype(np.float32))
    points = np.array(frames, np.float32).reshape(-1, 2, 25, 3).swapaxes(0, 1)  # [T, M, V, C] -> [M, T, V, C]
    if not points[1].any():
        points = points[:1]
    return poses_from_kinect(path, points, layout="ntu25")
