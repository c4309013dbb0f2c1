"""From a flow network's outputs to pixels of error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmengine.evaluator import BaseMetric

from modalities.flow.error import mean_scores


class FlowMetric(BaseMetric):
    """End-point error, everywhere and where something moves, beside that of who says that nothing does."""

    default_prefix = ""

    def __init__(self) -> None:
        super().__init__(collect_device="gpu")  # through the process group, without files in the current folder

    def process(self, data_batch: Any, data_samples: Sequence[Mapping[str, Any]]) -> None:
        self.results.extend(data_samples)

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        mean = mean_scores(results)
        return {name: mean[name] for name in ("epe", "zero", "epe_moving", "zero_moving") if name in mean}
