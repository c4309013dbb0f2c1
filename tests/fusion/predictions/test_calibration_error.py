import numpy as np
import pytest

from triad.fusion.predictions import calibration_error


def log_of(*confidences: float) -> np.ndarray:
    """Log-probabilities of two classes of which the first is predicted."""
    return np.log([[p, 1 - p] for p in confidences])


def test_error_by_hand():
    """Bins of a fifteenth: three at 0.9 (two right) and one at 0.6 (right): (|2 − 2.7| + |1 − 0.6|) / 4."""
    error = calibration_error(log_of(0.9, 0.9, 0.9, 0.6), np.array([0, 0, 1, 0]))
    assert error == pytest.approx((0.7 + 0.4) / 4)


def test_gaps_of_one_bin_cancel():
    assert calibration_error(log_of(0.75, 0.75, 0.75, 0.75), np.array([0, 0, 0, 1])) == pytest.approx(0, abs=1e-12)
    scores = log_of(0.6, 0.9)
    assert calibration_error(scores, np.array([1, 0]), num_bins=1) == pytest.approx(abs(1 - 1.5) / 2)


def test_temperature_mends_certainty():
    scores = np.tile(log_of(0.75), (4, 1)) * 3
    labels = np.array([0, 0, 0, 1])
    assert calibration_error(scores, labels) == pytest.approx(27 / 28 - 0.75)
    assert calibration_error(scores, labels, temperature=3) == pytest.approx(0, abs=1e-12)


def test_certain_scores_are_in_the_last_bin():
    assert calibration_error(np.array([[1000.0, 0.0]]), np.array([0])) == 0
    assert calibration_error(np.array([[1000.0, 0.0]]), np.array([1])) == 1


def test_no_sample_has_no_error():
    assert np.isnan(calibration_error(np.zeros((0, 2)), np.zeros(0, int)))
