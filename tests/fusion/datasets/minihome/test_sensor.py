"""The simulated depth camera has the noise and the losses that its constants name."""

import numpy as np

from triad.fusion.datasets.minihome.body import JOINTS
from triad.fusion.datasets.minihome.cameras import CAMERAS
from triad.fusion.datasets.minihome.render import Scene
from triad.fusion.datasets.minihome.sensor import (
    JITTER,
    LOST_SHARE_HIDDEN,
    LOST_SHARE_VISIBLE,
    autoregressive_noise,
    hidden_joints,
    measure_skeleton,
)
from triad.fusion.datasets.minihome.shapes import Shape, band

V = len(JOINTS)


def standing(frames: int) -> np.ndarray:
    return np.broadcast_to([0.1, 0.2, 3.0], (frames, V, 3)).copy()


def test_jitter_has_its_standard_deviation() -> None:
    joints = standing(4000)
    measured = measure_skeleton(CAMERAS[0], joints, np.zeros((4000, V), bool), np.random.default_rng(0))
    assert [a.shape for a in (measured.keypoints, measured.scores, measured.pixels)] == [
        (1, 4000, V, 3),
        (1, 4000, V),
        (1, 4000, V, 2),
    ]
    visible = measured.scores[0] > 0
    error = measured.keypoints[0][visible] - joints[visible]
    np.testing.assert_allclose(error.std(0), JITTER, rtol=0.1)
    np.testing.assert_allclose(
        CAMERAS[0].project(measured.keypoints[0][visible]), measured.pixels[0][visible], atol=1e-3
    )
    np.testing.assert_allclose(1 - visible.mean(), LOST_SHARE_VISIBLE, atol=0.01)


def test_lost_joints_are_zero() -> None:
    hidden = np.zeros((4000, V), bool)
    hidden[:, 3] = True
    measured = measure_skeleton(CAMERAS[0], standing(4000), hidden, np.random.default_rng(1))
    is_lost = measured.scores[0] == 0
    np.testing.assert_allclose(is_lost[:, 3].mean(), LOST_SHARE_HIDDEN, atol=0.05)
    assert not measured.keypoints[0][is_lost].any()
    assert not measured.pixels[0][is_lost].any()


def test_noise_has_unit_variance_and_memory() -> None:
    noise = autoregressive_noise(np.random.default_rng(0), (50, 4000), memory=8.0)
    np.testing.assert_allclose(noise.std(1), 1.0, atol=0.06)
    np.testing.assert_allclose((noise[1:] * noise[:-1]).mean(), np.exp(-1 / 8), atol=0.02)


def test_later_layers_hide_joints() -> None:
    start = np.array([[50.0, 50.0]])
    end = np.array([[70.0, 50.0]])
    head, wall, hand = (
        Shape(start, end, band(0, 1, 5, 5), (0, 0, 0), component) for component in ("head", "furniture", "left_hand")
    )
    pixels = np.full((1, V, 2), [60.0, 50.0])
    pixels[0, JOINTS.index("neck")] = [-3.0, 10.0]
    background = np.zeros((240, 320, 3), np.uint8)
    for layers, is_visible in (
        ([head, wall], False),
        ([wall, head], True),
        ([head, hand], True),
        ([head, wall, hand], False),
    ):
        hidden = hidden_joints(Scene(background, layers, 1), pixels)
        assert hidden[0, JOINTS.index("head")] == (not is_visible)
        assert hidden[0, JOINTS.index("neck")]  # outside the picture
