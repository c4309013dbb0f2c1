"""Late fusion of scores of several classes at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from triad.fusion.late_fusion import (
    build_late_fusion,
    fuse_predictions,
    fuse_with_weights,
    load_fusion,
    save_fusion,
    summarize_fusion,
)
from triad.fusion.predictions import FUSED, Predictions
from triad.modalities.checks import InputError


def predictions(prefix: str, labels, **probabilities) -> Predictions:
    return Predictions(
        ids=[f"{prefix}{number}" for number in range(len(labels))],
        labels=labels,
        classes=("a", "b"),
        scores={name: logit(np.array(array)) for name, array in probabilities.items()},
        kinds=dict.fromkeys(probabilities, "sigmoid"),
    )


@pytest.fixture
def test() -> Predictions:
    return predictions("t", [[1, 1], [0, 0]], rgb=[[0.8, 0.6], [0.1, 0.3]], flow=[[0.2, 0.9], [0.3, 0.4]])


@pytest.mark.parametrize(
    ("method", "weights", "first"),
    [
        ("mean", {"rgb": 1, "flow": 1}, [0.5, 0.75]),
        ("mean", {"rgb": 3, "flow": 1}, [0.65, 0.675]),
        ("product", {"rgb": 1, "flow": 1}, [0.5, 0.78606]),  # odds 4 and 1/4; 1.5 and 9
    ],
)
def test_hand_made_pools(test, method, weights, first):
    fused, fusion = fuse_with_weights(test, weights, method=method)
    assert fused.kinds[FUSED] == fusion.kind == "sigmoid"
    np.testing.assert_allclose(expit(fused.scores[FUSED][0]), first, atol=1e-4)


def test_weights_follow_mean_average_precision(test):
    rng = np.random.default_rng(0)
    labels = (rng.random((60, 2)) < 0.4).astype(int)
    good = np.clip(0.15 + 0.7 * labels + rng.normal(0, 0.05, labels.shape), 0.01, 0.99)
    val = predictions("v", labels, rgb=good, flow=rng.uniform(0.01, 0.99, labels.shape))
    fused, fusion = fuse_predictions(test, val, method="weighted")
    weights = dict(zip(fusion.calibration_.streams_, fusion.weights_, strict=True))
    assert weights["rgb"] > weights["flow"]
    summary = summarize_fusion(fused, fusion)
    assert summary["mean_average_precision"] == 1.0


def test_absent_stream_gives_its_weight(test):
    absent = Predictions(
        **{**vars(test), "present": {"rgb": [True, False], "flow": [False, False]}},
    )
    fused, _ = fuse_with_weights(absent, {"rgb": 1, "flow": 1})
    probabilities = expit(fused.scores[FUSED])
    np.testing.assert_allclose(probabilities[0], [0.8, 0.6], atol=1e-4)
    assert probabilities[1].max() < 1e-6
    assert fused.present[FUSED].tolist() == [True, False]


def test_stored_fusion_gives_same_scores(test, tmp_path):
    val = predictions("v", [[1, 0], [0, 1], [1, 1]], rgb=[[0.9, 0.2]] * 3, flow=[[0.4, 0.3]] * 3)
    fused, fusion = fuse_predictions(test, val, method="mean")
    save_fusion(fusion, tmp_path / "f.skops")
    np.testing.assert_array_equal(load_fusion(tmp_path / "f.skops").predict(test), fusion.predict(test))
    assert fused.scores[FUSED] == pytest.approx(fusion.predict(test))


@pytest.mark.parametrize("method", ["svm", "logistic", "gated", "mlp_features"])
def test_methods_of_one_class_are_refused(method):
    message = f"fusion method must be mean, product, max, weighted where samples show several classes, got '{method}'"
    with pytest.raises(InputError, match=message):
        build_late_fusion(method, multi_label=True)


def test_single_labels_are_refused(test):
    val = predictions("v", [0, 1, 1], rgb=[[0.9, 0.2]] * 3, flow=[[0.4, 0.3]] * 3)
    with pytest.raises(InputError, match="validation predictions must be multi-label as their scores are"):
        fuse_predictions(test, val, method="weighted")
