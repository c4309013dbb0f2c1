"""Metric of flow networks: end-point errors in pixels."""

from __future__ import annotations

from typing import Any

from triad.fusion.training.metrics.collecting_metric import CollectingMetric
from triad.modalities.flow import mean_scores
from triad.modalities.registry import METRICS

NAMES = ("epe", "epe_zero_flow", "epe_moving", "epe_zero_flow_moving")


@METRICS.register_module()
class FlowMetric(CollectingMetric):
    """End-point error of all and of moving pixels, beside that of zero flow."""

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        mean = mean_scores(results)
        return {name: mean[name] for name in NAMES if name in mean}
