"""Inverse kinematics keep bone lengths, and mirroring exchanges left and right."""

import numpy as np

from triad.fusion.datasets.minihome.body import POINTS, limit_distance, mirror_body, two_bone_ik


def test_two_bone_ik_keeps_bone_lengths() -> None:
    root = np.zeros((1, 3))
    target = np.array([[0.0, -0.4, 0.3]])
    elbow = two_bone_ik(root, target, 0.3, 0.4, np.array([[1.0, 0.0, 0.0]]))
    np.testing.assert_allclose(elbow, [[0.24, -0.144, 0.108]], atol=1e-12)  # 3-4-5 triangle with hypotenuse 0.5


def test_far_target_is_moved_closer() -> None:
    targets = np.array([[3.0, 4.0, 0.0], [0.3, 0.4, 0.0]])
    np.testing.assert_allclose(limit_distance(np.zeros(3), targets, 1.0), [[0.6, 0.8, 0.0], [0.3, 0.4, 0.0]])


def test_mirror_exchanges_left_and_right() -> None:
    points = np.random.default_rng(0).normal(size=(2, len(POINTS), 3))
    mirrored = mirror_body(points)
    left = POINTS["left_wrist"]
    right = POINTS["right_wrist"]
    np.testing.assert_array_equal(mirrored[:, left], points[:, right] * [-1, 1, 1])
    np.testing.assert_array_equal(mirror_body(mirrored), points)
