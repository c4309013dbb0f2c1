import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation.smoothing import smooth_joints

TIMES = np.arange(11, dtype=np.float32)
PARABOLA = np.stack([TIMES**2, 3 - TIMES], -1)[:, None].repeat(2, 1)  # [T, V, 2]
VISIBLE = np.ones(PARABOLA.shape[:2], bool)


def test_parabolas_are_kept():
    np.testing.assert_allclose(smooth_joints(PARABOLA, VISIBLE, 5), PARABOLA, atol=1e-4)


def test_jitter_is_reduced():
    noise = np.random.default_rng(0).normal(size=PARABOLA.shape).astype(np.float32)
    smoothed = smooth_joints(PARABOLA + noise, VISIBLE, 7)
    assert np.abs(smoothed - PARABOLA).mean() < 0.8 * np.abs(noise).mean()


def test_short_spans_are_unchanged():
    np.testing.assert_array_equal(smooth_joints(PARABOLA[:4], VISIBLE[:4], 5), PARABOLA[:4])


def test_even_window_is_refused():
    with pytest.raises(InputError, match="frames of smoothing must be odd and 5 or more, got 6"):
        smooth_joints(PARABOLA, VISIBLE, 6)
