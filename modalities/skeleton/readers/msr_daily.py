"""Reader of MSR DailyActivity3D: one text file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.pose_arrays import KINECT_AXES
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.text_lines import TextLines

NUM_JOINTS = 20
MAX_PERSONS = 6
"""Bodies that Kinect v1 reports."""


def read_msr_daily(path: str | Path) -> Poses:
    """Read the poses of all bodies, in the joint order of Kinect v1, metres; bodies are told apart by their order.

    Wang et al. 2012, Mining Actionlet Ensemble for Action Recognition with Depth Cameras. The first line has the
    numbers of frames and joints; each frame has a line with the number of its rows, which is 40 for one body. A joint
    has two rows of four numbers: ``x y z confidence`` in metres, and ``u v depth confidence`` with ``u`` and ``v`` as
    fractions of the picture, which are not read. A joint at the origin is missing.

    Raises:
        InputError: naming the line, if the file holds something else or shows nobody.
    """
    data = read_bytes(path)
    lines = TextLines(path, data)
    num_frames, num_joints = lines.read_numbers("the numbers of frames and joints", 2)
    if num_joints != NUM_JOINTS or not 1 <= num_frames <= 10**7 or num_frames != int(num_frames):
        lines.fail(f"hold a number of frames and {NUM_JOINTS} joints", f"{num_frames:g} and {num_joints:g}")
    collector = PoseCollector(path, data, layout="kinect20")
    for frame in range(int(num_frames)):
        num_rows = lines.read_integer(f"the number of rows of frame {frame}")
        if num_rows not in range(0, 2 * NUM_JOINTS * MAX_PERSONS + 1, 2 * NUM_JOINTS):
            lines.fail(f"hold the number of rows of frame {frame}, {2 * NUM_JOINTS} a body", num_rows)
        for person in range(num_rows // (2 * NUM_JOINTS)):
            rows = [
                lines.read_numbers(f"row {row} of body {person} in frame {frame}", 4) for row in range(2 * NUM_JOINTS)
            ]
            collector.add(person, frame, _joints_of(np.array(rows[::2], np.float64)))
    if not lines.at_end:
        lines.fail(f"be the last, for the file has {num_frames:g} frames", "more lines")
    return collector.poses(int(num_frames))


def _joints_of(rows: np.ndarray) -> np.ndarray:
    """Return coordinates in our axes and a score of each joint, float32 ``[20, 4]``."""
    with np.errstate(over="ignore"):
        joints = rows.astype(np.float32)
    joints[:, :3] *= KINECT_AXES
    joints[:, 3] = np.any(joints[:, :3] != 0, axis=1)
    return joints
