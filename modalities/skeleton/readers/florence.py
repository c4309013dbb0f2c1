"""Reader of Florence 3D Actions: one text file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.pose_arrays import poses_from_kinect
from triad.modalities.skeleton.readers.text_lines import TextLines


def read_florence(path: str | Path) -> Poses:
    """Read the poses of one person from rows ``x y z`` in millimetres, 15 rows a frame.

    Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part Bag-of-Poses. The files
    have no scores: a joint at the origin is missing, as is one with a value that is no number.

    Raises:
        InputError: naming the line, if the file holds something else or shows nobody.
    """
    lines = TextLines(path, read_bytes(path))
    frames: list[np.ndarray] = []
    while not lines.at_end:
        rows = [lines.read_numbers(f"joint {joint} of frame {len(frames)} in mm", 3) for joint in range(15)]
        with np.errstate(over="ignore"):
            frames.append((np.array(rows) / 1000).astype(np.float32))
    return poses_from_kinect(path, np.stack(frames) if frames else np.empty((0, 15, 3)), layout="florence15")
