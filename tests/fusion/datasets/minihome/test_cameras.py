"""Cameras project world points to the pixels that a person would compute."""

import itertools

import numpy as np

from triad.fusion.datasets.minihome.cameras import CAMERAS, look_at


def test_projection_of_hand_made_point() -> None:
    camera = look_at("c", azimuth=0.0, distance=2.0, height=1.0, target_height=1.0)
    np.testing.assert_allclose(camera.to_camera(np.array([0.1, 1.2, 0.5])), [0.1, -0.2, 1.5], atol=1e-12)
    pixel = camera.project(np.array([0.1, -0.2, 1.5]))
    np.testing.assert_allclose(pixel, [79.5 + 190 * 0.1 / 1.5, 59.5 - 190 * 0.2 / 1.5])
    np.testing.assert_allclose(camera.unproject(pixel, np.array(1.5)), [0.1, -0.2, 1.5])
    np.testing.assert_allclose(camera.intrinsics @ [0.1 / 1.5, -0.2 / 1.5, 1.0], [*pixel, 1.0])


def test_rotations_are_proper_and_cameras_apart() -> None:
    for camera in CAMERAS:
        np.testing.assert_allclose(camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-12)
        assert np.isclose(np.linalg.det(camera.rotation), 1.0)
    for first, second in itertools.combinations(CAMERAS, 2):
        assert np.degrees(np.arccos(first.rotation[2] @ second.rotation[2])) > 30
