"""Heat of weights over places."""

import numpy as np

from triad.fusion.rendering.heat import cut_box, heat_bar, overlay_heat, relative_weights
from triad.fusion.rendering.relevance import color_bar
from triad.modalities.crop_views import CropViews


def test_weights_are_relative_to_their_range():
    np.testing.assert_allclose(relative_weights(np.array([0.002, 0.003, 0.004])), [0.0, 0.5, 1.0])
    np.testing.assert_array_equal(relative_weights(np.array([0.5, 0.51])), [0.5, 0.5])  # noise
    np.testing.assert_array_equal(relative_weights(np.zeros(2)), [0.5, 0.5])


def test_heat_grows_with_weight_and_strength():
    frame = np.full((40, 40, 3), 100, np.uint8)
    weights = np.array([[1.0, 0.0], [0.0, 0.0]])
    plain, half, full = (overlay_heat(frame, weights, strength).astype(int) for strength in (0.0, 0.5, 1.0))
    assert len(np.unique(plain)) == 1
    change = np.abs(full - plain).sum(-1)
    assert change[5, 5] > 100
    assert change[35, 35] < 10
    assert change[5, 5] > np.abs(half - plain).sum(-1)[5, 5] > 0


def test_bar_runs_from_dark_to_light():
    bar = heat_bar("0.1", "0.9")
    assert bar.shape == color_bar("0.1", "0.9").shape
    brightness = bar[4].astype(int).sum(-1)
    assert (np.diff(brightness) >= -2).all()
    assert brightness[0] < 50 < 600 < brightness[-1]


def test_box_is_the_crop_of_the_view():
    """The middle square of 48 × 64 pixels."""
    picture = np.arange(48 * 64 * 3).reshape(48, 64, 3)
    (view,) = CropViews()((48, 64))
    np.testing.assert_array_equal(cut_box(picture, view), picture[:, 8:56])
