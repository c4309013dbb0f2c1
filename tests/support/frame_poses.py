"""Persons of one frame for tests: coco17 joints in a box."""

from __future__ import annotations

import numpy as np

from triad.modalities.skeleton.pose_estimation import FramePoses

SHAPE = np.random.default_rng(3).uniform(0, 1, (17, 2))


def make_frame_poses(*boxes: tuple[float, ...], joint_score: float = 0.8) -> FramePoses:
    """Return a person for each box ``(x1, y1, x2, y2, score)``, all with the same joints in their boxes."""
    array = np.array(boxes, np.float32).reshape(-1, 5)
    low = array[:, None, :2]
    high = array[:, None, 2:4]
    joints = (low + SHAPE * (high - low)).astype(np.float32)
    return FramePoses(joints, np.full(joints.shape[:2], joint_score, np.float32), array[:, :4], array[:, 4])
