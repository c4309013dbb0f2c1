"""Clips that lie padded in an array of a whole dataset: persons and frames of zeros are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.readers.pose_arrays import axes_of, build_poses
from triad.modalities.skeleton.readers.recording import SkeletonRecording

KINETICS_SIZE = (256, 340)
"""Height and width of the frames of Kinetics-skeleton, about whose centre ST-GCN counts."""
TURNED_AXES = np.array([1, 1, -1], np.float32)
"""Signs of x, z, y of 2s-AGCN's clips (x to the first person's right, z up) as x, y, z of a Kinect that they face."""
TOLERANCE = 1e-3
"""Slope of a line of shoulders that has been turned to x; rounding alone is a thousandth of it."""


def clip_from_padded(subject: str | Path, points: np.ndarray, layout: Layout) -> SkeletonRecording:
    """Return the clip of an array of one sample.

    Frames of zeros at its end are cut, persons of zeros left out; a joint of zeros only is missing. Joints in metres
    are turned from the axes of their sensor into ours. Two coordinates and a score are OpenPose's, in fractions of the
    frame about its centre. In clips that were centred on the spine of the first person, that joint is at the origin and
    not missing. Clips that 2s-AGCN has turned (z up, the first person's shoulders along x) get y down and z away again;
    which way the body faced is lost.

    Args:
        subject: name of the clip in errors.
        points: coordinates of the sample, changed in place.
        layout: joint layout.

    Shapes: float32 ``[M, T, V, C]``.

    Raises:
        InputError: If nobody is shown.
    """
    with np.errstate(invalid="ignore"):
        used = (points != 0) & np.isfinite(points)
    persons = np.flatnonzero(used.any((1, 2, 3)))
    frames = np.flatnonzero(used.any((0, 2, 3)))
    if not len(persons):
        fail(f"'{subject}'", "show somebody", "zeros only", "leave it out")
    points = points[persons, : frames[-1] + 1]
    if layout.dims == 3:
        visible = np.any(points != 0, axis=-1)
        with np.errstate(over="ignore", invalid="ignore"):
            if _is_about_spine(visible[0, 0], layout):
                spine = layout.index("spine_mid")
                visible[..., spine] |= visible.sum(-1) == layout.num_joints - 1
                if _is_turned(points[0, 0], layout):
                    points = points[..., [0, 2, 1]] * TURNED_AXES
            return SkeletonRecording(build_poses(subject, points * axes_of(layout), visible, layout=layout.name))
    scores = points[..., 2] if points.shape[-1] == 3 else np.any(points != 0, axis=-1)
    pixels = points[..., :2]
    size = None
    with np.errstate(over="ignore", invalid="ignore"):
        if np.nanmax(np.abs(pixels)) <= 1:
            size = KINETICS_SIZE
            pixels = (pixels + np.float32(0.5)) * np.array(size[::-1], np.float32)
    return SkeletonRecording(build_poses(subject, pixels, scores, layout=layout.name), size)


def _is_about_spine(visible: np.ndarray, layout: Layout) -> bool:
    """Return whether the spine is the origin: of a person's joints, all but this one are seen at the first time.

    Shapes: bool ``[V]``.
    """
    if "spine_mid" not in layout.joints:
        return False
    return not visible[layout.index("spine_mid")] and int(visible.sum()) == layout.num_joints - 1


def _is_turned(points: np.ndarray, layout: Layout) -> bool:
    """Return whether 2s-AGCN has turned a clip: the first person's shoulders lie exactly along x at the first time.

    Shapes: ``[V, 3]``.
    """
    across = points[layout.index("right_shoulder")] - points[layout.index("left_shoulder")]
    return bool(across[0] > 0 and np.hypot(across[1], across[2]) < TOLERANCE * across[0])
