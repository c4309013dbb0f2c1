"""What the metrics of this project share: they keep every output, in memory, under plain names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmengine.evaluator import BaseMetric


class CollectingMetric(BaseMetric):
    """Gathers a model's outputs over all processes; ``compute_metrics`` is left to say what they come to."""

    default_prefix = ""  # plain names: `save_best` and the progress line read them

    def __init__(self) -> None:
        super().__init__(collect_device="gpu")  # through the process group, without files in the current folder

    def process(self, data_batch: Any, data_samples: Sequence[Mapping[str, Any]]) -> None:
        self.results.extend(data_samples)
