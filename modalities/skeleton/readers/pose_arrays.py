"""Arrays that a reader has filled, made into poses: joints without numbers become missing ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import InputError, fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.poses import Poses

KINECT_AXES = np.array([-1, -1, 1], np.float32)
"""Signs between Kinect's axes (x to the camera's left, y up, z away) and ours (x right, y down, z away).

In these axes are the files of N-UCLA, UTD-MHAD, Florence 3D, MSR DailyActivity3D, PKU-MMD, ETRI-Activity3D and Kinect
v2's recorders, whose pictures, if they have any, were not compared with the joints. Those of NTU RGB+D are in
``NTU_AXES``; Toyota Smarthome's, Human3.6M's and Azure Kinect's are in ours.
"""


NTU_AXES = np.array([1, -1, 1], np.float32)
"""Signs between the axes of NTU RGB+D's joints (x to the right of its pictures, y up, z away) and ours.

Its colour and depth pictures are mirrored, as Kinect v2 shows them: x of the sensor (to its left) grows to the right of
the picture, so that x stays as it is and the body is the mirror image of the real one, as in its videos. A person's
left hand is still called so. Recipes for NTU train and test on these joints unmirrored, or mirror samples at random;
a reflection of all samples alike changes nothing for them, but a model would confuse left and right on cameras that do
not mirror.
"""
NTU_LAYOUTS = ("ntu25", "ntu25_agcn")
KINECT_LAYOUTS = ("kinect20",)


def axes_of(layout: Layout) -> np.ndarray:
    """Return the signs between the axes in which files of a layout are published and ours, float32 ``[3]``."""
    if layout.name in NTU_LAYOUTS:
        return NTU_AXES
    return KINECT_AXES if layout.name in KINECT_LAYOUTS else np.ones(3, np.float32)


def build_poses(
    path: str | Path,
    keypoints: np.ndarray,
    scores: np.ndarray,
    *,
    layout: str,
    pixels: np.ndarray | None = None,
) -> Poses:
    """Return poses in which a joint with a coordinate or score that is no number is missing: score and values 0.

    A joint whose pixel alone is no number keeps its coordinates; its pixel is NaN, which is unknown.

    The arrays are changed in place where they are float32 already.

    Args:
        path: name of the file in errors.
        keypoints: coordinates, ``[M, T, V, C]``.
        scores: confidence of each joint, ``[M, T, V]``.
        layout: name of the joint layout.
        pixels: positions in the image, ``[M, T, V, 2]``; NaN where unknown.

    Raises:
        InputError: If shapes do not fit, or nobody is visible at any time.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # beyond float32 is infinite, which is missing
        arrays = [np.require(array, np.float32, "W") for array in (keypoints, scores, pixels) if array is not None]
    valid = np.isfinite(arrays[1]) & (arrays[1] > 0)
    valid &= np.isfinite(arrays[0]).all(-1)
    if not valid.any():
        fail(f"'{path}'", "show a joint of somebody in some frame", f"none in {valid.shape[1]} frames", "leave it out")
    # np.copyto, for an index of booleans takes 24 bytes a joint
    for array in arrays[2:]:
        np.copyto(array, np.nan, where=~np.isfinite(array).all(-1)[..., None])
    for array in arrays:
        np.copyto(array, 0, where=~valid[..., None] if array.ndim == 4 else ~valid)
    try:
        return Poses(arrays[0], arrays[1], layout, *arrays[2:])
    except InputError as error:
        raise InputError(f"'{path}': {error}; {CURE}") from None


def poses_from_kinect(path: str | Path, keypoints: np.ndarray, *, layout: str) -> Poses:
    """Return poses of joints in Kinect's axes that come without scores.

    A joint at the origin of the camera, where none can be, is missing. The array is changed in place where it is
    float32 already.

    Args:
        path: name of the file in errors.
        keypoints: metres in the order of ``layout``.
        layout: name of the joint layout.

    Shapes: ``[T, V, 3]`` or ``[M, T, V, 3]``.

    Raises:
        InputError: If nobody is visible at any time.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # beyond float32 is infinite, which is missing
        points = np.require(keypoints, np.float32, "W")
        points *= KINECT_AXES
    points = points[None] if points.ndim == 3 else points
    return build_poses(path, points, np.any(points != 0, axis=-1), layout=layout)
