"""Event average precision by hand: matching by score, one match an instance, interpolation."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.predictions.localization import (
    ActionInstance,
    event_average_precision,
    match_events,
    temporal_iou,
)


def ap(truth: list[list[ActionInstance]], detections: list[list[ActionInstance]], iou: float = 0.5) -> list[float]:
    matches = match_events(truth, detections, num_classes=2, iou_thresholds=[iou])
    return event_average_precision(matches)[:, 0].tolist()


def test_hand_made_iou():
    iou = temporal_iou(np.array([[0.0, 4.0], [5.0, 6.0]]), np.array([[2.0, 6.0], [0.0, 4.0]]))
    np.testing.assert_allclose(iou, [[2 / 6, 1], [1 / 4, 0]])


def test_hand_made_precision():
    """Right, wrong, right: precision 1, 1/2, 2/3 at recall 1/3, 1/3, 2/3, interpolated 1 and 2/3."""
    truth = [[ActionInstance(0, 10, 0), ActionInstance(20, 30, 0)], [ActionInstance(0, 10, 0)]]
    detections = [
        [ActionInstance(0, 9, 0, 0.9), ActionInstance(40, 50, 0, 0.8)],
        [ActionInstance(1, 10, 0, 0.7)],
    ]
    assert ap(truth, detections)[0] == pytest.approx((1 + 2 / 3) / 3)


def test_precision_is_interpolated():
    """Wrong, right, right: precision 0, 1/2, 2/3 counts as 2/3 at both recalls."""
    truth = [[ActionInstance(0, 1, 0), ActionInstance(2, 3, 0)]]
    detections = [[ActionInstance(5, 6, 0, 0.9), ActionInstance(0, 1, 0, 0.8), ActionInstance(2, 3, 0, 0.7)]]
    assert ap(truth, detections)[0] == pytest.approx(2 / 3)


def test_instance_is_matched_once():
    truth = [[ActionInstance(0, 10, 0)]]
    detections = [[ActionInstance(0, 10, 0, 0.4), ActionInstance(0, 9, 0, 0.9)]]
    assert ap(truth, detections)[0] == 1  # the second comes after full recall
    matches = match_events(truth, detections, num_classes=1, iou_thresholds=[0.5])
    assert matches[0].correct.tolist() == [[True, False]]


def test_second_best_instance_is_taken():
    truth = [[ActionInstance(0, 10, 0), ActionInstance(3, 13, 0)]]
    detections = [[ActionInstance(0, 10, 0, 0.9), ActionInstance(1, 11, 0, 0.8)]]
    assert ap(truth, detections)[0] == 1


def test_threshold_counts_as_reached():
    assert ap([[ActionInstance(0, 10, 0)]], [[ActionInstance(0, 7, 0)]], 0.7)[0] == 1
    assert ap([[ActionInstance(0, 10, 0)]], [[ActionInstance(0, 6.9, 0)]], 0.7)[0] == 0


def test_class_and_video_must_agree():
    truth = [[ActionInstance(0, 10, 0)], [ActionInstance(0, 10, 1)]]
    detections = [[ActionInstance(0, 10, 1)], []]
    assert ap(truth, detections) == [0, 0]


def test_class_without_instance_is_undefined():
    assert np.isnan(ap([[ActionInstance(0, 10, 0)]], [[ActionInstance(0, 10, 1)]])[1])


def test_drawn_twice_equals_copied_video():
    rng = np.random.default_rng(0)
    truth, detections = [], []
    for _ in range(3):
        starts = rng.uniform(0, 50, 12)
        truth.append([ActionInstance(start, start + 4, 0) for start in starts[:6]])
        detections.append(
            [ActionInstance(s, s + 3, 0, score) for s, score in zip(starts[3:], rng.random(9), strict=True)]
        )
    weighted = match_events(truth, detections, num_classes=1)[0].average_precision(np.array([[2, 0, 1]]))
    copied = [truth[0], truth[0], truth[2]], [detections[0], detections[0], detections[2]]
    expected = event_average_precision(match_events(*copied, num_classes=1))
    np.testing.assert_allclose(weighted, expected, atol=1e-6)
