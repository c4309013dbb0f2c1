"""From a flow network's outputs to pixels of error."""

from __future__ import annotations

from typing import Any

from fusion.training.metrics.collecting_metric import CollectingMetric
from modalities.flow import mean_scores
from modalities.registry import METRICS


@METRICS.register_module()
class FlowMetric(CollectingMetric):
    """End-point error, everywhere and where something moves, beside that of who says that nothing does."""

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        mean = mean_scores(results)
        return {
            name: mean[name] for name in ("epe", "epe_zero_flow", "epe_moving", "epe_zero_flow_moving") if name in mean
        }
