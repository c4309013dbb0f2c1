"""From a flow network's outputs to pixels of error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from mmengine.evaluator import BaseMetric


class FlowMetric(BaseMetric):
    """End-point error everywhere, where something moves (over half a pixel), and of who says that nothing does."""

    default_prefix = ""

    def __init__(self) -> None:
        super().__init__(collect_device="gpu")  # through the process group, without files in the current folder

    def process(self, data_batch: Any, data_samples: Sequence[Mapping[str, Any]]) -> None:
        self.results.extend(data_samples)

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        found = {}
        for name in ("epe", "epe_moving", "zero"):
            known = [row[name] for row in results if row[name] is not None]
            found[name] = float(np.mean(known)) if known else 0.0
        return found
