"""Content of ``ablation.json``: every subset of streams under every fusion, with confidence intervals.

For each subset the fusion is chosen on validation alone, and exactly that row is ``selected``; only selected rows are
quoted. Accuracies lie between 0 and 1. Equal predictions give an equal document, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.evaluation.class_pairs import ClassPair, evaluate_pair
from triad.fusion.evaluation.fusion_candidates import FusionCandidate, select_by_subset
from triad.fusion.evaluation.row_statistics import mcnemar_rows, paired_rows, shapley_rows
from triad.fusion.evaluation.subset_cost import subset_costs
from triad.fusion.predictions import (
    FUSED,
    Bootstrap,
    Predictions,
    class_accuracy,
    confusion_matrix,
    mean_class_accuracy,
    select_clusters,
)
from triad.modalities.checks import fail

RESAMPLES = 5000


def build_ablation_document(
    test: Predictions,
    candidates: Sequence[FusionCandidate],
    *,
    pairs: Sequence[ClassPair] = (),
    extraction: Mapping[str, Mapping[str, Any]] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Any]:
    """Build the content of ``ablation.json`` from candidates of any mode.

    ``ci95`` is an interval over whole subjects or source videos where the predictions name three or more
    (``interval`` says which), ``ci95_samples`` over single samples. ``paired`` compares selected rows: all streams with
    each single stream, and with all but one; ``mcnemar`` tests every two selected rows. The best single stream is the
    best one *on test*, the hardest to beat. ``shapley`` shares the accuracy of all streams among them.

    Args:
        test: labelled predictions of the test split.
        candidates: fusions of its streams; every stream alone must be among them.
        pairs: pairs of classes for the pair × stream table.
        extraction: cost of extracting what a stream reads, by stream, see
            :func:`~triad.fusion.evaluation.subset_cost.subset_costs`.
        resamples: number of bootstrap resamples.
        seed: seed of the bootstrap.

    Raises:
        InputError: If there is no candidate, or none of a stream alone.
    """
    if not candidates:
        fail("candidates of an ablation", "be at least one", "none")
    all_streams = max((candidate.streams for candidate in candidates), key=len)
    selected = select_by_subset(candidates)
    if missing := [stream for stream in all_streams if (stream,) not in selected]:
        fail("candidates of an ablation", "include every stream alone", f"none of {missing}")
    unit, groups = select_clusters(test.groups)
    by_sample = Bootstrap(test.labels, resamples=resamples, seed=seed)
    by_unit = by_sample if groups is None else Bootstrap(test.labels, groups=groups, resamples=resamples, seed=seed)
    singles = {stream: selected[(stream,)] for stream in all_streams}
    best_single = max(singles.values(), key=lambda single: mean_class_accuracy(test.labels, single.predicted))
    fused = selected[all_streams]
    correct = {subset: candidate.predicted == test.labels for subset, candidate in selected.items()}
    return {
        "dataset": test.meta.get("dataset"),
        "protocol": test.meta.get("protocol"),
        "split": test.meta.get("split"),
        "classes": list(test.classes),
        "num_test": len(test),
        "interval": {"over": unit, "units": by_unit.num_units, "resamples": resamples, "seed": seed, "level": 0.95},
        "rows": [
            _candidate_row(candidate, test, candidate is selected[candidate.streams], by_unit, by_sample)
            for candidate in candidates
        ],
        "paired": paired_rows(correct, by_unit, by_sample),
        "best_single": best_single.name,
        "cost": dict(test.meta.get("cost", {})),
        "extraction": {stream: dict(cost) for stream, cost in (extraction or {}).items()},
        "subset_costs": subset_costs(list(selected.values()), test.meta.get("cost", {}), extraction or {}),
        "mcnemar": mcnemar_rows(correct),
        "shapley": shapley_rows(
            correct,
            {
                subset: class_accuracy(test.labels, candidate.predicted, len(test.classes))
                for subset, candidate in selected.items()
            },
            by_unit,
            classes=test.classes,
        ),
        "confusion": {
            "best_single": confusion_matrix(test.labels, best_single.predicted, len(test.classes)).tolist(),
            FUSED: confusion_matrix(test.labels, fused.predicted, len(test.classes)).tolist(),
        },
        "per_class": _class_rows(test, best_single, fused),
        "pairs": [
            evaluate_pair(
                pair,
                stream,
                scores=candidate.scores,
                labels=test.labels,
                present=candidate.present,
                classes=test.classes,
            )
            for pair in pairs
            for stream, candidate in [*singles.items(), (FUSED, fused)]
        ],
    }


def _candidate_row(
    candidate: FusionCandidate, test: Predictions, selected: bool, by_unit: Bootstrap, by_sample: Bootstrap
) -> dict[str, Any]:
    figures = candidate.measure(test.labels)
    correct = figures.predicted == test.labels
    return {
        "streams": list(candidate.streams),
        "fusion": candidate.fusion,
        "mode": candidate.mode,
        "selected": selected,
        "mean_class_accuracy": mean_class_accuracy(test.labels, figures.predicted),
        "top1": figures.top1,
        "top5": figures.top5,
        "ci95": by_unit.interval(correct),
        "ci95_samples": by_sample.interval(correct),
        "validation": candidate.validation,
        "temperature": candidate.temperature,
        "ece": figures.ece,
        "ece_calibrated": figures.ece_calibrated,
        "seeds": _training_seeds(test.meta, candidate.streams),
    }


def _class_rows(test: Predictions, best_single: FusionCandidate, fused: FusionCandidate) -> list[dict[str, Any]]:
    num_samples = np.bincount(test.labels, minlength=len(test.classes))
    fused_accuracy = class_accuracy(test.labels, fused.predicted, len(test.classes))
    single_accuracy = class_accuracy(test.labels, best_single.predicted, len(test.classes))
    return [
        {
            "class": name,
            "n": int(num_samples[index]),
            "best_single": float(single_accuracy[index]),
            FUSED: float(fused_accuracy[index]),
            "gain": float(fused_accuracy[index] - single_accuracy[index]),
        }
        for index, name in enumerate(test.classes)
        if num_samples[index]
    ]


def _training_seeds(meta: Mapping[str, Any], streams: Sequence[str]) -> list[int]:
    meta_by_stream = meta.get("streams", {})
    seeds = {meta_by_stream.get(stream, {}).get("seed", meta.get("seed")) for stream in streams}
    return sorted(seed for seed in seeds if seed is not None)
