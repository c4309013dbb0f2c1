"""Frame-wise average precision: by hand, by the formula of Toyota Smarthome Untrimmed's evaluation, by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from triad.fusion.predictions.localization import count_scores, frame_average_precision


def cut(array: np.ndarray) -> list[np.ndarray]:
    return [array[:70], array[70:90], array[90:]]


@pytest.fixture
def timelines() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    scores = rng.random((200, 4))
    labels = rng.random((200, 4)) < scores * 0.5
    labels[:, 3] = False
    return labels, scores


def test_hand_made_precision():
    labels = np.array([[1], [0], [1], [0]], dtype=bool)
    scores = np.array([[0.9], [0.8], [0.7], [0.1]])
    assert frame_average_precision([labels], [scores]).tolist() == [pytest.approx((1 / 1 + 2 / 3) / 2)]


def test_equals_formula_of_authors(timelines):
    """The mean over positive frames of the precision at their rank, over all videos."""
    labels, scores = timelines
    expected = []
    for label in range(3):
        ranked = labels[np.argsort(-scores[:, label]), label]
        expected.append((np.cumsum(ranked) / np.arange(1, 201))[ranked].mean())
    found = frame_average_precision(cut(labels), cut(scores))
    np.testing.assert_allclose(found[:3], expected, rtol=1e-12)
    assert np.isnan(found[3])


def test_histogram_equals_scikit_learn(timelines):
    labels, scores = timelines
    histogram = count_scores(cut(labels), cut(scores))
    multiplicities = np.array([[1, 1, 1], [0, 2, 1]])
    found = histogram.average_precision(multiplicities)
    for resample, counts in enumerate(multiplicities):
        weights = np.repeat(counts, [70, 20, 110])
        for label in range(3):
            expected = average_precision_score(labels[:, label], scores[:, label], sample_weight=weights)
            assert found[resample, label] == pytest.approx(expected, abs=1e-6)
    assert np.isnan(found[:, 3]).all()


def test_equal_scores_share_a_bin():
    labels = np.array([[1], [0], [0]], dtype=bool)
    histogram = count_scores([labels], [np.full((3, 1), 0.5)])
    assert histogram.average_precision(np.ones((1, 1)))[0, 0] == pytest.approx(1 / 3)


def test_few_bins_come_close(timelines):
    labels, scores = timelines
    found = count_scores(cut(labels), cut(scores), num_bins=100).average_precision(np.ones((1, 3)))[0, :3]
    np.testing.assert_allclose(found, frame_average_precision(cut(labels), cut(scores))[:3], atol=0.02)


def test_rare_class_keeps_its_precision():
    """Its frames are less than a thousandth of all: bins of equally many frames would hold them with many others."""
    rng = np.random.default_rng(0)
    labels = np.zeros((20000, 1), dtype=bool)
    labels[rng.choice(20000, 15, replace=False)] = True
    scores = rng.normal(size=(20000, 1)) + 4 * labels
    found = count_scores([labels], [scores]).average_precision(np.ones((1, 1)))[0, 0]
    assert found == pytest.approx(frame_average_precision([labels], [scores])[0], abs=0.02)
