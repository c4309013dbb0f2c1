"""Errors of lifted skeletons by hand: every dataset weighs the same in the mean, however many skeletons it has."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.estimators.lifting.metric import LiftMetric


def make_row(dataset: str, *, num_skeletons: int, error: float) -> dict:
    """Make skeletons of 16 joints of which every joint but the root is ``error`` metres too far away."""
    true = np.random.default_rng(0).normal(size=(num_skeletons, 16, 3))
    predicted = true.copy()
    predicted[:, 1:, 2] += error
    return {"dataset": dataset, "predicted": predicted, "true": true, "visible": np.ones((num_skeletons, 16), bool)}


def test_mean_weighs_datasets_equally():
    metric = LiftMetric()
    metric.dataset_meta = {"layout": "minihome16"}
    rows = [
        make_row("a", num_skeletons=1, error=0.1),
        make_row("b", num_skeletons=5, error=0.3),
        make_row("a", num_skeletons=1, error=0.2),
    ]
    errors = metric.compute_metrics(rows)
    assert next(iter(errors)) == "mpjpe"  # the progress line shows the first
    assert errors["mpjpe_a"] == pytest.approx(1000 * 0.15 * 15 / 16)
    assert errors["mpjpe_b"] == pytest.approx(1000 * 0.3 * 15 / 16)
    assert errors["mpjpe"] == pytest.approx((errors["mpjpe_a"] + errors["mpjpe_b"]) / 2)
    assert 0 < errors["pa_mpjpe_a"] < errors["mpjpe_a"]
