import numpy as np

from triad.modalities.flow import flow_to_rgb
from triad.modalities.flow.rendering import color_wheel


def test_color_wheel_corners():
    wheel = color_wheel()
    assert wheel.shape == (55, 3)
    np.testing.assert_array_equal(wheel[0], [1, 0, 0])  # red
    np.testing.assert_array_equal(wheel[15], [1, 1, 0])  # yellow
    np.testing.assert_array_equal(wheel[21], [0, 1, 0])  # green
    np.testing.assert_array_equal(wheel[25], [0, 1, 1])  # cyan
    np.testing.assert_array_equal(wheel[36], [0, 0, 1])  # blue
    np.testing.assert_array_equal(wheel[49], [1, 0, 1])  # magenta
    assert np.abs(np.diff(np.vstack([wheel, wheel[:1]]), axis=0)).max() <= 0.25 + 1e-12


def test_direction_is_hue_speed_saturation():
    flow = np.array([[0, 0], [2, 0], [1, 0], [4, 0]], np.float32)
    np.testing.assert_array_equal(
        flow_to_rgb(flow, max_magnitude=2), [[255, 255, 255], [255, 0, 0], [255, 128, 128], [191, 0, 0]]
    )
    down, left, up = flow_to_rgb(np.array([[0, 1], [-1, 0], [0, -1]], np.float32), 1.0)
    assert down[0] == 255  # towards yellow
    assert down[1] > 200
    assert left[2] > 200  # cyan to blue
    assert left[0] == 0
    assert up[2] == 255  # violet
    assert up[1] == 0


def test_default_scale_is_largest_speed():
    flow = np.random.default_rng(0).normal(size=(5, 6, 2)).astype(np.float32)
    largest = float(np.linalg.norm(flow, axis=-1).max())
    np.testing.assert_array_equal(flow_to_rgb(flow), flow_to_rgb(flow, largest))
    assert flow_to_rgb(np.zeros((2, 2, 2))).min() == 255
