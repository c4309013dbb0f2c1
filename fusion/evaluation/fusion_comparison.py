"""Paired comparison of two fusions of the same streams: the hypothesis that one beats the other, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from triad.fusion.evaluation.fusion_candidates import FusionCandidate, Subset
from triad.fusion.predictions import Predictions, build_joint_bootstrap, mcnemar_test
from triad.modalities.checks import fail


def compare_fusions(
    runs: Sequence[tuple[Predictions, Sequence[FusionCandidate]]],
    a: str,
    b: str,
    *,
    resamples: int = 5000,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Return the mean class accuracy of fusion ``a`` minus that of ``b``, for every subset that has both.

    Nothing was chosen on the compared samples, so each difference stands by itself. Intervals draw people or source
    videos once for all runs. McNemar's test is included for a single run; clips of several splits are not independent.

    Args:
        runs: test predictions and candidates of one test set, or of each of several splits.
        a: name of a fusion.
        b: name of the fusion that it is compared with.
        resamples: number of bootstrap resamples.
        seed: seed of the bootstrap.

    Raises:
        InputError: If no subset has both fusions in every run.
    """
    test_sets = [test for test, _ in runs]
    by_run = [{(row.streams, row.fusion): row for row in candidates} for _, candidates in runs]
    subsets = [
        subset
        for subset, fusion in by_run[0]
        if fusion == a and all((subset, name) in rows for rows in by_run for name in (a, b))
    ]
    if not subsets:
        fusion_names = sorted({fusion for rows in by_run for _, fusion in rows})
        fail("fusions to compare", f"both be among {', '.join(fusion_names)}", f"{a}, {b}")
    unit, bootstrap = build_joint_bootstrap(test_sets, resamples=resamples, seed=seed)

    def correct(subset: Subset, fusion: str) -> list[np.ndarray]:
        pairs = zip(by_run, test_sets, strict=True)
        return [rows[subset, fusion].predicted == test.labels for rows, test in pairs]

    compared = []
    for subset in subsets:
        correct_a = correct(subset, a)
        correct_b = correct(subset, b)
        difference, ci95 = bootstrap.difference(correct_a, correct_b)
        compared.append(
            {
                "streams": list(subset),
                "a": a,
                "b": b,
                "accuracy_a": bootstrap.accuracy(correct_a),
                "accuracy_b": bootstrap.accuracy(correct_b),
                "difference": difference,
                "ci95": ci95,
                "ci95_over": unit,
                "mcnemar": mcnemar_test(correct_a[0], correct_b[0])._asdict() if len(runs) == 1 else None,
            }
        )
    return compared
