from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import check_grad

from triad.fusion.late_fusion import GatedMixtureFusion, MeanFusion
from triad.fusion.late_fusion.classifiers import BlockScaler
from triad.fusion.late_fusion.gated_mixture import NUM_FOLDS, apply_gate, fit_gate
from triad.fusion.predictions import Predictions, mean_class_accuracy


def test_zero_gate_is_the_mean():
    present = np.array([[1, 1, 0], [1, 0, 0]], dtype=bool)
    weights = apply_gate(np.zeros((2, 3)), np.ones((3, 3)), present)
    np.testing.assert_allclose(weights, [[0.5, 1, 0.5], [0.5, 0, 0.5]])


def test_large_penalty_is_the_mean(simulated, monkeypatch):
    monkeypatch.setattr("triad.fusion.late_fusion.gated_mixture.PENALTY_GRID", (1e6,))
    val = simulated(split="val", samples=60)
    gated = GatedMixtureFusion(method="gated", sources=("probabilities",)).fit(val, val.streams)
    np.testing.assert_allclose(gated.predict(val), MeanFusion().fit(val, val.streams).predict(val), atol=1e-4)


def test_gate_by_hand():
    """One input of 1 or −1, two streams that are right for one sign each, penalty λ: the gate is (w, −w).

    The true class has probability p = 0.9 σ(2w) + 0.1 σ(−2w), and the loss is −log p + λ w²; with λ = 0.4 its
    derivative −1.6 σ(2w) σ(−2w) / p + 0.8 w is zero where 2 σ(2w) σ(−2w) = w p.
    """
    inputs = np.array([[1.0], [-1.0]])
    experts = np.array([[0.9, 0.1], [0.1, 0.9]])
    gate = fit_gate(inputs, experts, np.ones((2, 2), dtype=bool), np.array([0, 1]), penalty=0.4)
    w = gate[0, 0]
    np.testing.assert_allclose(gate, [[w], [-w]], atol=1e-5)
    sigma = 1 / (1 + np.exp(-2 * w))
    assert w > 0.3
    assert 2 * sigma * (1 - sigma) == pytest.approx(w * (0.9 * sigma + 0.1 * (1 - sigma)), abs=1e-4)


def switching_streams(split: str, samples: int = 200) -> Predictions:
    """Two streams of which a feature says which one to trust; their scores alone do not say so."""
    rng = np.random.default_rng(len(split))
    labels = rng.integers(0, 2, samples)
    first_is_right = rng.random(samples) < 0.5
    right = np.where(labels[:, None] == [0, 1], 2.0, -2.0)
    signs = {"rgb": np.where(first_is_right, 1, -1), "flow": np.where(first_is_right, -1, 1)}
    return Predictions(
        ids=[f"{split}{number}" for number in range(samples)],
        labels=labels,
        classes=("sit", "rise"),
        scores={name: sign[:, None] * right for name, sign in signs.items()},
        kinds=dict.fromkeys(signs, "logit"),
        features={name: np.stack([sign, rng.normal(size=samples)], axis=1) for name, sign in signs.items()},
    )


def test_gate_follows_the_features():
    val, test = switching_streams("val"), switching_streams("test")
    fusion = GatedMixtureFusion(method="gated_features", sources=("features",)).fit(val, ("rgb", "flow"))
    assert mean_class_accuracy(test.labels, fusion.predict(test).argmax(axis=1)) > 0.99
    weights = fusion.gate_weights(test)
    np.testing.assert_allclose(weights.sum(axis=0), 1)
    assert (weights[0] > 0.5).tolist() == (test.features["rgb"][:, 0] > 0).tolist()


def test_absent_stream_has_no_weight(simulated):
    val = simulated(split="val", samples=60)
    fusion = GatedMixtureFusion(method="gated", sources=("probabilities",)).fit(val, val.streams)
    present = {"rgb": np.arange(60) % 2 == 0, "flow_dis": np.zeros(60, bool), "skeleton": np.arange(60) % 2 == 1}
    weights = fusion.gate_weights(replace(val, present=present))
    np.testing.assert_allclose(weights, np.stack([present[name] for name in val.streams]), atol=1e-12)


def test_gradient_is_that_of_the_loss(monkeypatch):
    rng = np.random.default_rng(0)
    losses = []
    monkeypatch.setattr(
        "triad.fusion.late_fusion.gated_mixture.minimize",
        lambda loss, start, **_: losses.append(loss) or type("R", (), {"x": start}),
    )
    experts = rng.random((3, 8))
    fit_gate(rng.normal(size=(8, 4)), experts, rng.random((3, 8)) < 0.7, rng.integers(0, 3, 8), penalty=0.1)
    (loss,) = losses
    gate = rng.normal(size=12)
    assert check_grad(lambda x: loss(x)[0], lambda x: loss(x)[1], gate) < 1e-5


def test_penalty_is_chosen_on_unseen_columns(simulated, monkeypatch):
    """Each fold's scaler is fitted on its training rows alone."""
    fitted = []
    fit = BlockScaler.fit

    def record_rows(scaler, columns, *rest):
        fitted.append(len(columns))
        return fit(scaler, columns, *rest)

    monkeypatch.setattr(BlockScaler, "fit", record_rows)
    val = simulated(split="val", samples=60)
    GatedMixtureFusion(method="gated", sources=("probabilities",)).fit(val, val.streams)
    assert len(fitted) == 1 + NUM_FOLDS
    assert all(size < len(val) for size in fitted[1:])
