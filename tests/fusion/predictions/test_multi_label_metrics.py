"""Average precision of classes that samples show at once."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from triad.fusion.predictions import (
    Predictions,
    SampleBootstrap,
    class_average_precision,
    compute_multi_label_metrics,
    present_scores,
)
from triad.modalities.checks import InputError


@pytest.fixture
def predictions() -> Predictions:
    rng = np.random.default_rng(0)
    labels = (rng.random((80, 3)) < 0.3).astype(int)
    labels[:, 2] = 0
    scores = labels + rng.normal(size=(80, 3))
    return Predictions(
        ids=[f"s{number:02d}" for number in range(80)],
        labels=labels,
        classes=("a", "b", "c"),
        scores={"rgb": scores},
        kinds={"rgb": "sigmoid"},
        groups={"subject": [f"p{number % 8}" for number in range(80)]},
    )


def test_equals_scikit_learn(predictions):
    precisions = class_average_precision(predictions, "rgb")
    for label in range(2):
        expected = average_precision_score(predictions.labels[:, label], predictions.scores["rgb"][:, label])
        assert precisions[label] == pytest.approx(expected)
    assert np.isnan(precisions[2])


def test_absent_samples_rank_last():
    predictions = Predictions(
        ids=["a", "b"],
        labels=[[1, 0], [0, 1]],
        classes=("x", "y"),
        scores={"rgb": [[0.0, 0.0], [9.0, 9.0]]},
        kinds={"rgb": "sigmoid"},
        present={"rgb": [True, False]},
    )
    assert class_average_precision(predictions, "rgb").tolist() == [1.0, 0.5]


def test_interval_draws_people(predictions):
    metrics = compute_multi_label_metrics(predictions, "rgb")
    assert (metrics["ci95_over"], metrics["ci95_units"]) == ("subject", 8)
    low, high = metrics["ci95"]
    assert low < metrics["mean_average_precision"] < high
    assert metrics["per_class"]["c"] is None


def test_resample_of_all_is_the_estimate(predictions):
    bootstrap = SampleBootstrap(predictions, resamples=2)
    bootstrap.multiplicities = np.ones((1, 8))
    expected = np.nanmean(class_average_precision(predictions, "rgb"))
    assert bootstrap.mean_average_precisions(present_scores(predictions, "rgb")) == pytest.approx(expected, abs=1e-6)


def test_resamples_equal_scikit_learn():
    """Each sample is a unit; many different scores, and some equal ones."""
    rng = np.random.default_rng(0)
    labels = (rng.random((1500, 2)) < 0.4).astype(int)
    scores = np.concatenate([rng.normal(size=(1400, 2)), rng.integers(0, 3, (100, 2))]) + labels
    predictions = Predictions(
        ids=[f"s{number}" for number in range(1500)],
        labels=labels,
        classes=("a", "b"),
        scores={"rgb": scores},
        kinds={"rgb": "sigmoid"},
    )
    bootstrap = SampleBootstrap(predictions, resamples=3)
    assert (bootstrap.unit, bootstrap.num_units) == ("sample", 1500)
    ranked = present_scores(predictions, "rgb")
    expected = [
        np.mean([average_precision_score(labels[:, k], ranked[:, k], sample_weight=counts) for k in range(2)])
        for counts in bootstrap.multiplicities
    ]
    np.testing.assert_allclose(bootstrap.mean_average_precisions(ranked), expected, rtol=1e-12)


def test_labels_are_zeros_and_ones(predictions):
    with pytest.raises(InputError, match=r"Predictions.labels must be 0 or 1 for each class.*got 0 … 2"):
        Predictions(ids=["a"], labels=[[0, 2]], classes=("x", "y"), scores={"rgb": [[0, 0]]}, kinds={"rgb": "sigmoid"})
