"""People for tests: coco17 joints in a box."""

from __future__ import annotations

import numpy as np

from modalities.skeleton.pose_estimation.interfaces import FramePoses

SHAPE = np.random.default_rng(3).uniform(0, 1, (17, 2))


def people(*boxes: tuple[float, ...], joint_score: float = 0.8) -> FramePoses:
    """Of boxes ``(x1, y1, x2, y2, score)``, each with the same joints in it."""
    array = np.array(boxes, np.float32).reshape(-1, 5)
    low, high = array[:, None, :2], array[:, None, 2:4]
    joints = (low + SHAPE * (high - low)).astype(np.float32)
    return FramePoses(joints, np.full(joints.shape[:2], joint_score, np.float32), array[:, :4], array[:, 4])
