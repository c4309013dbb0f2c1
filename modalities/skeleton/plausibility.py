"""Plausibility of joints: units, axes and frame size that bodies cannot have are told with the cure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers import SkeletonRecording

HEAD = ("head", "nose", "face", "neck", "thorax", "spine_shoulder", "shoulder_center", "left_shoulder")
FEET = ("left_ankle", "right_ankle", "left_foot", "right_foot", "left_knee", "right_knee")
MAX_TIMES = 200
"""Times of a clip that are looked at, spread over it."""
MOST = 0.8
"""Share of the times of a clip, and of the clips of a dataset, from which a finding is told."""
ADVICE = {
    "mm": "look like millimetres: set unit to mm",
    "cm": "look like centimetres: set unit to cm",
    "small": "are of bodies smaller than 10 cm: set unit, or scale them to metres",
    "large": "are of bodies larger than 5 m: set unit, or scale them to metres",
    "fraction": "look like fractions of the frame: set unit to fraction",
    "outside": "lie outside of their frames: give the size that they refer to (width, height)",
    "y up": "have heads below feet: y points up; set axes, such as 'x -y z'",
    "sideways": "are of bodies that lie along {axis}: set axes, {hint}",
}


class Plausibility:
    """Collects what is odd about the clips of a dataset.

    Attributes:
        num_clips: clips that were looked at.
    """

    def __init__(self) -> None:
        self.num_clips = 0
        self._findings: Counter[str] = Counter()

    def add(self, poses: Poses, size: tuple[int, int] | None = None) -> None:
        """Look at the joints of a clip.

        Args:
            poses: poses in our units.
            size: height and width of the frames of joints in pixels.
        """
        self.add_oddities(find_oddities(poses, size))

    def add_oddities(self, oddities: Iterable[str]) -> None:
        """Add the result of :func:`find_oddities` of a clip."""
        self.num_clips += 1
        self._findings.update(oddities)

    def warnings(self) -> list[str]:
        """Return one line for each finding that most clips share."""
        lines = []
        for finding, count in sorted(self._findings.items()):
            if count >= MOST * self.num_clips:
                clips = f"{count} of {self.num_clips} clips"
                lines.append(f"joints of {clips} {_advice_of(finding)} (column of a table, or option)")
        return lines


def advise(recorded: SkeletonRecording) -> list[str]:
    """Return what is odd about the joints of one recording, each with its cure."""
    return [_advice_of(finding) for finding in sorted(find_oddities(recorded.poses, recorded.size))]


def find_oddities(poses: Poses, size: tuple[int, int] | None = None) -> set[str]:
    """Return what is odd about the joints of a clip: keys of ``ADVICE``, ``sideways`` with the axis behind a colon.

    Args:
        poses: poses in our units.
        size: height and width of the frames of joints in pixels.
    """
    layout = get_layout(poses.layout)
    step = max(poses.num // MAX_TIMES, 1)
    points = poses.keypoints[:, ::step].astype(np.float64)
    visible = poses.scores[:, ::step] > 0
    if not visible.any():
        return set()
    return _odd_size(points, visible, layout, size) | _odd_direction(points, visible, layout)


def _advice_of(finding: str) -> str:
    kind, _, axis = finding.partition(":")
    hint = "such as 'x -z y' where z is up" if axis == "z" else "such as 'y x z'"
    return ADVICE[kind].format(axis=axis, hint=hint)


def _odd_size(points: np.ndarray, visible: np.ndarray, layout: Layout, size: tuple[int, int] | None) -> set[str]:
    visible_points = points[visible]
    if layout.dims == 2:
        if not np.ptp(visible_points, axis=0).all():
            return set()
        if np.percentile(np.abs(visible_points), 98) <= 1.5:
            return {"fraction"}
        if size is not None and np.percentile(visible_points.max(0) / np.array(size[::-1]), 50) > 2:
            return {"outside"}
        return set()
    ranges = [
        np.ptp(points[person, time][visible[person, time]], axis=0).max()
        for person, time in np.argwhere(visible.sum(-1) >= 4)
    ]
    extent = float(np.median(ranges)) if ranges else 1.0
    if extent == 0:
        return set()
    if extent > 300:
        return {"mm"}
    if extent > 20:
        return {"cm"}
    if extent > 5:
        return {"large"}
    return {"small"} if extent < 0.1 else set()


def _odd_direction(points: np.ndarray, visible: np.ndarray, layout: Layout) -> set[str]:
    head = next((layout.joints.index(name) for name in HEAD if name in layout.joints), None)
    feet = [layout.joints.index(name) for name in FEET if name in layout.joints][:2]
    if head is None or not feet:
        return set()
    both = visible[..., head] & visible[..., feet].all(-1)  # [M, T]
    if not both.any():
        return set()
    body = (points[..., feet, :].mean(-2) - points[..., head, :])[both]  # from head to feet, [N, C]
    length = np.linalg.norm(body, axis=-1)
    body = body[length > 0] / length[length > 0, None]
    if not len(body):
        return set()
    main = np.abs(body) > MOST  # within 37° of an axis
    if main[:, 1].mean() >= MOST and (body[:, 1] < 0).mean() >= MOST:
        return {"y up"}
    for axis, name in ((0, "x"), (2, "z")):
        if axis < layout.dims and main[:, axis].mean() >= MOST:
            return {f"sideways:{name}"}
    return set()
