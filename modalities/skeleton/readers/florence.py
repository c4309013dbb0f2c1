"""Florence 3D Actions: a text file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.files import from_kinect, load
from modalities.skeleton.readers.lines import Lines


def read_florence(path: str | Path) -> Poses:
    """Poses of one person from rows ``x y z`` in millimetres, 15 rows a frame.

    Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part Bag-of-Poses. The files
    say nothing of confidence: a joint at the origin is lost, as is one with a value that is no number.

    Raises:
        InputError: if the file holds something else, naming the line, or shows nobody.
    """
    lines = Lines(path, load(path))
    frames: list[np.ndarray] = []
    while not lines.done:
        rows = [lines.numbers(f"joint {joint} of frame {len(frames)} in mm", 3) for joint in range(15)]
        with np.errstate(over="ignore"):
            frames.append((np.array(rows) / 1000).astype(np.float32))
    return from_kinect(path, np.stack(frames) if frames else np.empty((0, 15, 3)), layout="florence15")
