"""Mean end-point errors of a flow network over pairs."""

import pytest

from triad.fusion.estimators.flow.metric import FlowMetric


def test_errors_are_means_over_pairs():
    rows = [
        {"epe": 1.0, "epe_zero_flow": 2.0, "outliers": 0.5},
        {"epe": 3.0, "epe_zero_flow": 4.0, "outliers": 0.0, "epe_moving": 5.0, "epe_zero_flow_moving": 6.0},
    ]
    metrics = FlowMetric().compute_metrics(rows)
    assert next(iter(metrics)) == "epe"  # the progress line shows the first
    assert metrics == pytest.approx({"epe": 2.0, "epe_zero_flow": 3.0, "epe_moving": 5.0, "epe_zero_flow_moving": 6.0})
