"""Every dataset weighs the same in the mean, however many skeletons it has."""

from __future__ import annotations

import numpy as np
import pytest

from fusion.estimators.lifting.metric import LiftMetric


def row(dataset: str, *, count: int, wrong: float) -> dict:
    """Skeletons of 16 joints; every joint but the root is wrong by so many metres."""
    true = np.random.default_rng(0).normal(size=(count, 16, 3))
    predicted = true.copy()
    predicted[:, 1:, 2] += wrong
    return {"dataset": dataset, "predicted": predicted, "true": true, "seen": np.ones((count, 16), bool)}


def test_means_by_hand():
    metric = LiftMetric()
    metric.dataset_meta = {"layout": "minihome16"}
    found = metric.compute_metrics(
        [row("a", count=1, wrong=0.1), row("b", count=5, wrong=0.3), row("a", count=1, wrong=0.2)]
    )
    assert next(iter(found)) == "mpjpe"  # what the progress line shows
    assert found["mpjpe_a"] == pytest.approx(1000 * 0.15 * 15 / 16)
    assert found["mpjpe_b"] == pytest.approx(1000 * 0.3 * 15 / 16)
    assert found["mpjpe"] == pytest.approx((found["mpjpe_a"] + found["mpjpe_b"]) / 2)
    assert 0 < found["pa_mpjpe_a"] < found["mpjpe_a"]
