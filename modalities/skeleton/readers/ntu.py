"""NTU RGB+D 60 and 120: a ``.skeleton`` text file a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.detections import Detections
from modalities.skeleton.readers.files import KINECT, load
from modalities.skeleton.readers.lines import Lines

JOINTS = 25
COLUMNS = [0, 1, 2, 11, 5, 6]  # of x y z, depth x y, colour x y, quaternion w x y z, tracking state
SCORES = {0.0: 0.0, 1.0: 0.5, 2.0: 1.0}
"""Not tracked, inferred, tracked."""


def read_ntu(path: str | Path) -> Poses:
    """Poses of all bodies, each ``bodyID`` a person, in the order in which they come; with their colour pixels.

    Shahroudy et al. 2016, NTU RGB+D. Metres, and pixels of 1920×1080. A joint that was inferred has score 0.5; one that
    was not tracked, or has a coordinate or pixel that is no number, is lost. Bodies whose id changed can be joined by
    :func:`modalities.skeleton.persons.link`.

    Raises:
        InputError: if the file holds something else, naming the line, or nobody is in it.
    """
    data = load(path)
    lines = Lines(path, data)
    num = lines.integer("the number of frames")
    if num < 1:
        lines.fail("hold the number of frames", num)
    bodies = Detections(path, data, layout="ntu25", pixels=True)
    for frame in range(num):
        count = lines.integer(f"the number of bodies in frame {frame}")
        if count < 0:
            lines.fail(f"hold the number of bodies in frame {frame}", count)
        for _ in range(count):
            _read_body(lines, frame, bodies)
    if not lines.done:
        lines.fail(f"be the last, for the file has {num} frames", "more lines")
    return bodies.poses(num)


def _read_body(lines: Lines, frame: int, bodies: Detections) -> None:
    person = lines.integer(f"a body in frame {frame}", of=10)
    if not -(2**63) <= person < 2**64:
        lines.fail("hold a 64-bit id of a body", f"{len(str(person))} digits")
    joints = lines.integer(f"the number of joints of body {person} in frame {frame}")
    if joints != JOINTS:
        lines.fail(f"hold the number of joints, {JOINTS}", joints)
    rows = [lines.numbers(f"joint {joint} of body {person} in frame {frame}", 12) for joint in range(JOINTS)]
    for joint, row in enumerate(rows):
        if row[-1] not in SCORES:
            lines.fail(f"end a body whose tracking states are 0, 1 or 2, joint {joint}", f"{row[-1]:g}")
        row[-1] = SCORES[row[-1]]
    with np.errstate(over="ignore"):
        values = np.array(rows)[:, COLUMNS].astype(np.float32)
    values[:, :3] *= KINECT
    if not bodies.add(person, frame, values):
        lines.fail(f"end the only body {person} of frame {frame}", "a second one")
