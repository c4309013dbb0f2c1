import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, top_k_accuracy_score

from triad.fusion.predictions import (
    class_accuracy,
    confusion_matrix,
    mean_class_accuracy,
    pairwise_correct,
    predict_classes,
    top_k_correct,
)

LABELS = np.array([0, 0, 0, 1])
SCORES = np.array([[3, 1, 0], [0, 1, 2], [2, 1, 0], [1, 3, 2.0]])


def test_hand_made_figures():
    predicted = predict_classes(SCORES)
    assert predicted.tolist() == [0, 2, 0, 1]
    assert mean_class_accuracy(LABELS, predicted) == pytest.approx((2 / 3 + 1) / 2)
    assert top_k_correct(SCORES, LABELS, 2).tolist() == [True, False, True, True]
    assert confusion_matrix(LABELS, predicted, 3).tolist() == [[2, 0, 1], [0, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(class_accuracy(LABELS, predicted, 3), [2 / 3, 1, np.nan])


def test_accuracies_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 7, 200)
    scores = rng.normal(size=(200, 7))
    predicted = predict_classes(scores)
    assert mean_class_accuracy(labels, predicted) == pytest.approx(balanced_accuracy_score(labels, predicted))
    assert top_k_correct(scores, labels, 5).mean() == pytest.approx(top_k_accuracy_score(labels, scores, k=5))


def test_absent_samples_are_wrong():
    scores = np.zeros((2, 3))
    present = np.array([False, True])
    assert predict_classes(scores, present).tolist() == [-1, 0]
    assert top_k_correct(scores, np.array([0, 0]), 3, present).tolist() == [False, True]
    assert mean_class_accuracy(np.array([0, 0]), predict_classes(scores, present)) == 0.5


def test_confusion_matrix_leaves_out_absent():
    assert confusion_matrix(np.array([0, 1]), np.array([-1, 0]), 2).tolist() == [[0, 0], [1, 0]]
    assert confusion_matrix(np.array([0, 1]), np.array([-1, -1]), 2).tolist() == [[0, 0], [0, 0]]


def test_pairwise_ignores_other_classes():
    labels = np.array([0, 1, 2, 0, 1])
    scores = np.array([[1, 0, 9], [0, 1, 9], [0, 0, 0], [2, 2, 9], [5, 4, 0.0]])
    assert pairwise_correct(scores, labels, (0, 1)).tolist() == [1, 1, 0.5, 0]
    present = np.array([True, True, True, True, False])
    assert pairwise_correct(scores, labels, (1, 0), present).tolist() == [1, 1, 0.5]


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("num_classes", [1, 4, 9])
def test_equal_scores_rank_by_class(k, num_classes):
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 3, (2500, num_classes)).astype(np.float32)
    labels = rng.integers(-1, num_classes, 2500)
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(top_k_correct(scores, labels, k), (ranked == labels[:, None]).any(axis=1))
