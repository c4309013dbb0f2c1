"""Clips that lie padded in an array of a whole dataset: persons and frames of zeros are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.checks import fail
from modalities.skeleton.layouts import Layout
from modalities.skeleton.readers.pose_arrays import axes_of, build_poses
from modalities.skeleton.readers.recording import SkeletonRecording

KINETICS_SIZE = (256, 340)
"""Height and width of the frames of Kinetics-skeleton, about whose centre ST-GCN counts."""


def clip_from_padded(subject: str | Path, points: np.ndarray, layout: Layout) -> SkeletonRecording:
    """Return the clip of an array of one sample.

    Frames of zeros at its end are cut, persons of zeros left out; a joint of zeros only is missing. Joints in metres
    are turned from the axes of their sensor into ours. Two coordinates and a score are OpenPose's, in fractions of the
    frame about its centre.

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
        with np.errstate(over="ignore", invalid="ignore"):
            return SkeletonRecording(
                build_poses(subject, points * axes_of(layout), np.any(points != 0, axis=-1), layout=layout.name)
            )
    scores = points[..., 2] if points.shape[-1] == 3 else np.any(points != 0, axis=-1)
    pixels = points[..., :2]
    size = None
    with np.errstate(over="ignore", invalid="ignore"):
        if np.nanmax(np.abs(pixels)) <= 1:
            size = KINETICS_SIZE
            pixels = (pixels + np.float32(0.5)) * np.array(size[::-1], np.float32)
    return SkeletonRecording(build_poses(subject, pixels, scores, layout=layout.name), size)
