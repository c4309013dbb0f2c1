"""Base class of this project's metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmengine.evaluator import BaseMetric


class CollectingMetric(BaseMetric):
    """Metric that collects a model's outputs over all processes; subclasses write ``compute_metrics``."""

    default_prefix = ""  # plain names, which `save_best` and the progress line read

    def __init__(self) -> None:
        super().__init__(collect_device="gpu")  # through the process group, without files in the current folder

    def process(self, data_batch: Any, data_samples: Sequence[Mapping[str, Any]]) -> None:
        self.results.extend(data_samples)
