"""From a lifter's outputs to millimetres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fusion.training.metrics.collecting_metric import CollectingMetric
from modalities.registry import METRICS
from modalities.skeleton import get_layout
from modalities.skeleton.metrics.lift import lift_errors


@METRICS.register_module()
class LiftMetric(CollectingMetric):
    """MPJPE and MPJPE after Procrustes alignment in mm: the mean over datasets, and each dataset's own."""

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        found = errors_of(results, root=get_layout(self.dataset_meta["layout"]).root)
        mean = {name: float(np.mean([row[name] for row in found.values()])) for name in ("mpjpe", "pa_mpjpe")}
        return mean | {f"{name}_{dataset}": row[name] for dataset, row in found.items() for name in row}


def errors_of(results: Sequence[Mapping[str, Any]], *, root: int) -> dict[str, dict[str, float]]:
    """Outputs of ``LiftingModel.forward(mode="predict")`` -> ``{dataset: {"mpjpe", "pa_mpjpe"}}`` in mm."""
    found = {}
    for dataset in sorted({row["dataset"] for row in results}):
        rows = [row for row in results if row["dataset"] == dataset]
        predicted, true, seen = (np.concatenate([row[name] for row in rows]) for name in ("predicted", "true", "seen"))
        found[dataset] = lift_errors(predicted, true, seen, root=root)
    return found
