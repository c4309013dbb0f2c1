"""Reader of UTD-MHAD: one MATLAB file a clip."""

from __future__ import annotations

from pathlib import Path

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.matlab import read_matrix
from triad.modalities.skeleton.readers.pose_arrays import poses_from_kinect

JOINTS = (
    *("head", "shoulder_center", "spine", "hip_center"),
    *("left_shoulder", "left_elbow", "left_wrist", "left_hand"),
    *("right_shoulder", "right_elbow", "right_wrist", "right_hand"),
    *("left_hip", "left_knee", "left_ankle", "left_foot"),
    *("right_hip", "right_knee", "right_ankle", "right_foot"),
)
"""Joints in the order of the files: the head comes first (it is the highest joint), limbs as the authors list them."""


def read_utd(path: str | Path) -> Poses:
    """Read the poses of one person from ``d_skel`` ``[20, 3, T]``, metres.

    Chen et al. 2015, UTD-MHAD. Joints are sorted into layout ``kinect20`` by name. A joint at the origin is missing, as
    is one with a value that is no number.

    Raises:
        InputError: naming the byte, if the file holds no such matrix or shows nobody.
    """
    values = read_matrix(path, read_bytes(path), "d_skel")
    if values.ndim == 2:  # MATLAB drops a last axis of size 1
        values = values[:, :, None]
    if values.shape[:2] != (20, 3) or values.ndim != 3:
        fail(f"'{path}': d_skel", "have shape [20, 3, T]", list(values.shape), CURE)
    order = [JOINTS.index(joint) for joint in get_layout("kinect20").joints]
    return poses_from_kinect(path, values.transpose(2, 0, 1)[:, order], layout="kinect20")  # [V, 3, T] -> [T, V, 3]
