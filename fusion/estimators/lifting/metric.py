"""Metric of lifters: errors of joints in millimetres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.training.metrics.collecting_metric import CollectingMetric
from triad.modalities.registry import METRICS
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.metrics import lift_errors


@METRICS.register_module()
class LiftMetric(CollectingMetric):
    """MPJPE and MPJPE after Procrustes alignment in mm: the mean over datasets, and that of each dataset."""

    def compute_metrics(self, results: list[dict[str, Any]]) -> dict[str, float]:
        errors = errors_by_dataset(results, root=get_layout(self.dataset_meta["layout"]).root)
        mean = {name: float(np.mean([row[name] for row in errors.values()])) for name in ("mpjpe", "pa_mpjpe")}
        return mean | {f"{name}_{dataset}": row[name] for dataset, row in errors.items() for name in row}


def errors_by_dataset(results: Sequence[Mapping[str, Any]], *, root: int) -> dict[str, dict[str, float]]:
    """Return ``{dataset: {"mpjpe", "pa_mpjpe"}}`` in mm.

    Args:
        results: outputs of :meth:`triad.fusion.estimators.lifting.model.LiftingModel.forward` in mode ``predict``.
        root: index of the root joint.
    """
    errors = {}
    for dataset in sorted({row["dataset"] for row in results}):
        rows = [row for row in results if row["dataset"] == dataset]
        predicted, true, visible = (
            np.concatenate([row[name] for row in rows]) for name in ("predicted", "true", "visible")
        )
        errors[dataset] = lift_errors(predicted, true, visible, root=root)
    return errors
