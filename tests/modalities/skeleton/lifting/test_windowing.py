import numpy as np

from triad.modalities.skeleton.lifting import normalise_pixels, window_indices


def test_windows_repeat_first_and_last_frames():
    assert window_indices(4, frames=3).tolist() == [[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 3]]
    assert window_indices(3, frames=3, causal=True).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 2]]
    assert window_indices(1, frames=5).tolist() == [[0] * 5]


def test_normalised_pixels_by_hand():
    pixels = np.array([[[10, 10], [14, 10]], [[12, 10], [16, 10]]], np.float32)  # walks 2 to the right
    data = normalise_pixels(pixels, np.ones((2, 2), bool))
    # the middle of all is (13, 10); each joint is 2 from the middle of its frame
    assert data.tolist() == [[[-1.5, 0, 1], [0.5, 0, 1]], [[-0.5, 0, 1], [1.5, 0, 1]]]


def test_lone_moving_joint_stays_bounded():
    """Its frames have no size: without a floor, the numbers would be millions."""
    pixels = np.zeros((4, 2, 2), np.float32)
    visible = np.zeros((4, 2), bool)
    pixels[:, 0, 0] = [0, 2, 4, 6]
    visible[:, 0] = True
    # the mean is 3, the root mean square distance from it √5
    np.testing.assert_allclose(
        normalise_pixels(pixels, visible)[:, 0, 0], np.array([-3, -1, 1, 3]) / (0.2 * np.sqrt(5)), atol=1e-5
    )
    pixels[0, 0, 0] = 1e9
    assert np.abs(normalise_pixels(pixels[:, :1], visible[:, :1])).max() <= 10


def test_position_and_size_do_not_matter():
    rng = np.random.default_rng(0)
    pixels = rng.normal(size=(3, 27, 13, 2))
    visible = rng.random((3, 27, 13)) < 0.8
    data = normalise_pixels(pixels, visible)
    np.testing.assert_allclose(normalise_pixels(7 * pixels + [100, -30], visible), data, atol=1e-4)
    assert not data[~visible].any()
    assert not normalise_pixels(pixels, np.zeros_like(visible)).any()
    pixels[~visible] = 1e6  # missing joints do not count
    np.testing.assert_allclose(normalise_pixels(pixels, visible), data, atol=1e-6)
