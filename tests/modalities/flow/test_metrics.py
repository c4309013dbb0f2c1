import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow import end_point_error, flow_scores, mean_scores


def test_flow_scores_by_hand():
    truth = np.array([[0, 0], [100, 0], [3, 0], [0.4, 0]], np.float32)
    estimate = np.array([[0, 0], [104, 0], [3, 6], [0.4, 2]], np.float32)
    assert flow_scores(estimate, truth) == pytest.approx(
        {
            "epe": 3.0,  # 0, 4, 6, 2
            "outliers": 0.25,  # 4 of 100 pixels is within 5 %
            "above_1px": 0.75,
            "above_3px": 0.5,
            "above_5px": 0.25,
            "epe_zero_flow": 103.4 / 4,
            "epe_moving": 5.0,
            "epe_zero_flow_moving": 51.5,
        }
    )


def test_moving_scores_are_absent_without_motion():
    scores = flow_scores(np.ones((2, 2)), np.zeros((2, 2)))
    assert "epe_moving" not in scores
    assert "epe_zero_flow_moving" not in scores


def test_mean_scores_by_hand():
    assert mean_scores([{"epe": 3.0, "epe_moving": 5.0}, {"epe": 0.0}]) == {"epe": 1.5, "epe_moving": 5.0}
    with pytest.raises(InputError, match="have a sequence, got none"):
        mean_scores([])


def test_end_point_error_by_hand():
    truth = np.zeros((1, 3, 2), np.float32)
    estimate = np.array([[[3, 4], [0, 1], [9, 9]]], np.float32)
    valid = np.array([[True, True, False]])
    assert end_point_error(estimate, truth, valid=valid) == 3.0
    assert end_point_error(estimate[:, :2], truth[:, :2]) == 3.0
    with pytest.raises(InputError, match="nothing known"):
        end_point_error(estimate, truth, valid=~valid & valid)
    with pytest.raises(InputError, match=r"estimated flow must have shape \[1, 3, 2\]"):
        end_point_error(estimate[:, :2], truth)
