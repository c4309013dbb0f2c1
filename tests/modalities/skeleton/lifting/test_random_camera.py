import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.lifting import RandomCamera
from triad.modalities.skeleton.lifting.random_camera import rotation


def test_camera_looking_down_nears_the_head():
    """y is down, z away: up is (0, −1, 0)."""
    up = np.array([0.0, -1.0, 0.0])
    turned = rotation(yaw=0, pitch=np.deg2rad(30), roll=0) @ up
    np.testing.assert_allclose(turned, [0, -np.cos(np.pi / 6), -0.5], atol=1e-12)
    quarter = rotation(yaw=np.pi / 2, pitch=0, roll=0) @ np.array([0.0, 0.0, 1.0])  # what was away is now right
    np.testing.assert_allclose(quarter, [1, 0, 0], atol=1e-12)


def test_shapes_and_field_are_kept():
    joints = np.random.default_rng(0).normal(0, 0.4, (6, 16, 3))
    for seed in range(20):
        projection = RandomCamera()(joints, np.random.default_rng(seed))
        projected, original = (
            np.linalg.norm(points[:, :, None] - points[:, None], axis=-1) for points in (projection.joints, joints)
        )
        np.testing.assert_allclose(projected, original, atol=1e-5)
        assert projection.joints[..., 2].min() > 0.29
        ray = projection.joints[..., 0] / projection.joints[..., 2] / (projection.pixels[..., 0] - 320)
        focal = 1 / np.median(ray)
        assert 320 / np.tan(np.deg2rad(40)) <= focal * 1.0001
        assert focal <= 1.0001 * 320 / np.tan(np.deg2rad(17.5))
        np.testing.assert_allclose(
            projection.joints[..., 1] / projection.joints[..., 2] * focal + 240, projection.pixels[..., 1], atol=0.1
        )
        in_frame = (np.abs(projection.pixels - [320, 240]) <= [320, 240]).all(-1)
        assert (projection.in_frame == in_frame).mean() > 0.99


def test_empty_ranges_are_refused():
    with pytest.raises(InputError, match=r"RandomCamera.pitch must be a range \(from, to\), got \(10, -10\)"):
        RandomCamera(pitch=(10, -10))
    with pytest.raises(InputError, match=r"RandomCamera\.field_of_view and distance must be within 0–180 degrees"):
        RandomCamera(field_of_view=(30, 180))
