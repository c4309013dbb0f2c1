"""Reader of NTU RGB+D 60 and 120: one ``.skeleton`` text file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.pose_arrays import NTU_AXES
from triad.modalities.skeleton.readers.pose_collector import PoseCollector
from triad.modalities.skeleton.readers.text_lines import TextLines

NUM_JOINTS = 25
COLUMNS = [0, 1, 2, 11, 5, 6]  # of x y z, depth x y, colour x y, quaternion w x y z, tracking state
SCORES = {0.0: 0.0, 1.0: 0.5, 2.0: 1.0}
"""Score by tracking state: not tracked, inferred, tracked."""


def read_ntu(path: str | Path) -> Poses:
    """Read the poses of all bodies with their colour pixels; a ``bodyID`` is a person, in the order of appearance.

    Shahroudy et al. 2016, NTU RGB+D. Metres, and pixels of 1920×1080. An inferred joint has score 0.5; one that was not
    tracked, or has a coordinate or pixel that is no number, is missing. Bodies whose id changed can be joined by
    :func:`triad.modalities.skeleton.persons.link_tracks`.

    Raises:
        InputError: naming the line, if the file holds something else or shows nobody.
    """
    data = read_bytes(path)
    lines = TextLines(path, data)
    num_frames = lines.read_integer("the number of frames")
    if num_frames < 1:
        lines.fail("hold the number of frames", num_frames)
    collector = PoseCollector(path, data, layout="ntu25", pixels=True)
    for frame in range(num_frames):
        num_bodies = lines.read_integer(f"the number of bodies in frame {frame}")
        if num_bodies < 0:
            lines.fail(f"hold the number of bodies in frame {frame}", num_bodies)
        for _ in range(num_bodies):
            _read_body(lines, frame, collector)
    if not lines.at_end:
        lines.fail(f"be the last, for the file has {num_frames} frames", "more lines")
    return collector.poses(num_frames)


def _read_body(lines: TextLines, frame: int, collector: PoseCollector) -> None:
    body = lines.read_integer(f"a body in frame {frame}", num_fields=10)
    if not -(2**63) <= body < 2**64:
        lines.fail("hold a 64-bit id of a body", f"{len(str(body))} digits")
    joints = lines.read_integer(f"the number of joints of body {body} in frame {frame}")
    if joints != NUM_JOINTS:
        lines.fail(f"hold the number of joints, {NUM_JOINTS}", joints)
    rows = [lines.read_numbers(f"joint {joint} of body {body} in frame {frame}", 12) for joint in range(NUM_JOINTS)]
    for joint, row in enumerate(rows):
        if row[-1] not in SCORES:
            lines.fail(f"end a body whose tracking states are 0, 1 or 2, joint {joint}", f"{row[-1]:g}")
        row[-1] = SCORES[row[-1]]
    with np.errstate(over="ignore"):
        values = np.array(rows)[:, COLUMNS].astype(np.float32)
    values[:, :3] *= NTU_AXES
    if not collector.add(body, frame, values):
        lines.fail(f"end the only body {body} of frame {frame}", "a second one")
