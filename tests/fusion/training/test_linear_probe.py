from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from triad.fusion.training.linear_probe import fit_linear_probe
from triad.modalities.checks import InputError


def make_clusters(classes: int, samples: int = 12, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors around a corner each, far from the origin and of unequal scale; three samples a source."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), samples)
    vectors = np.eye(5)[labels] * 3 + rng.normal(size=(len(labels), 5)) * 0.3
    return (vectors * [1, 10, 100, 1, 1] + 50).astype(np.float32), labels, np.arange(len(labels)) // 3


def test_folded_weights_classify_raw_features():
    vectors, labels, groups = make_clusters(3)
    probe = fit_linear_probe(vectors, labels, groups, num_classes=3)
    assert probe.accuracy == 1.0
    assert ((vectors @ probe.weight.T + probe.bias).argmax(1) == labels).all()


def test_equals_logistic_regression_without_rotation():
    """More features than samples: the rotation into the space of the samples changes nothing."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), 8)
    vectors = (np.eye(40)[labels] + rng.normal(size=(24, 40))).astype(np.float64) * 5 + 2
    probe = fit_linear_probe(vectors, labels, np.arange(24), num_classes=3, strengths=[0.1])
    plain = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500, tol=1e-8)).fit(vectors, labels)
    np.testing.assert_allclose(vectors @ probe.weight.T + probe.bias, plain.decision_function(vectors), atol=1e-3)


def test_two_classes_have_opposite_logits():
    vectors, labels, groups = make_clusters(2)
    probe = fit_linear_probe(vectors, labels, groups, num_classes=2)
    np.testing.assert_allclose(probe.weight[0], -probe.weight[1])
    assert ((vectors @ probe.weight.T + probe.bias).argmax(1) == labels).all()


def test_class_without_samples_is_not_predicted():
    vectors, labels, groups = make_clusters(3)
    probe = fit_linear_probe(vectors, labels, groups, num_classes=5)
    assert probe.weight.shape == (5, 5)
    assert set((vectors @ probe.weight.T + probe.bias).argmax(1)) == {0, 1, 2}


def test_accuracy_is_of_unseen_sources():
    """Vectors that tell the source and nothing of the class do not help with other sources."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(16), 6)
    labels = np.repeat(np.tile([0, 1], 8), 6)
    vectors = np.eye(16, dtype=np.float32)[groups] + rng.normal(size=(96, 16)).astype(np.float32) * 0.01
    probe = fit_linear_probe(vectors, labels, groups, num_classes=2)
    assert ((vectors @ probe.weight.T + probe.bias).argmax(1) == labels).all()
    assert probe.accuracy < 0.7


@pytest.mark.parametrize(
    ("labels", "groups", "message"),
    [
        (np.zeros(4, int), np.arange(4), "have samples of at least two classes, got 1"),
        (np.array([0, 0, 1, 1]), np.zeros(4), "have samples of at least two sources, got 1"),
    ],
)
def test_too_few_samples_are_refused(labels: np.ndarray, groups: np.ndarray, message: str):
    with pytest.raises(InputError, match=message):
        fit_linear_probe(np.zeros((4, 2)), labels, groups, num_classes=2)
