"""Metrics of several runs of one experiment, and the paired difference between two experiments.

Accuracy is measured once on the joined folds, and averaged over official splits as their authors do. The test sets of
splits overlap: the interval of their mean draws people or source videos once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

import numpy as np

from triad.fusion.evaluation.aggregate import (
    RunsBySeed,
    aggregate_folds_by_seed,
    are_folds_of_one,
    group_runs,
    group_test_sets,
)
from triad.fusion.predictions import (
    Predictions,
    align_classes,
    build_joint_bootstrap,
    choose_stream,
    compute_stream_metrics,
    predict_classes,
)
from triad.modalities.checks import fail, shorten

METRICS = ("mean_class_accuracy", "top1", "top5")


def summarize_runs(runs: Sequence[Predictions], *, stream: str | None = None) -> dict[str, Any]:
    """Return the metrics of every run and every seed, and their mean and standard deviation over seeds, as JSON values.

    The metrics of a seed are those of its joined folds (with ``mean_of_folds``, which some authors quote, beside
    them), or the mean over its splits. ``ci95`` is included where there is one seed; over several splits it is that of
    the mean, see :class:`~triad.fusion.predictions.joint_bootstrap.JointBootstrap`, and ``ci95_top1`` that of top-1.

    Args:
        runs: predictions of test splits.
        stream: name of the stream to evaluate; None takes ``fused``, or the only stream.

    Raises:
        InputError: If the files do not fit each other, see :func:`group_runs`, or several streams need a choice.
    """
    runs_by_seed = group_runs(runs)
    stream = choose_stream(runs[0], stream)
    protocols = list(next(iter(runs_by_seed.values())))
    are_folds = are_folds_of_one(protocols)
    rows = {
        seed: [
            {"protocol": protocol, "seed": seed, "num_test": len(run), **compute_stream_metrics(run, stream)}
            for protocol, run in runs_of_seed.items()
        ]
        for seed, runs_of_seed in runs_by_seed.items()
    }
    if are_folds:
        seed_rows = [
            {
                "seed": seed,
                "num_test": len(aggregated),
                **compute_stream_metrics(aggregated, stream),
                "mean_of_folds": _mean_metrics(rows[seed]),
            }
            for seed, aggregated in aggregate_folds_by_seed(runs_by_seed).items()
        ]
    elif len(protocols) == 1:
        seed_rows = [rows_of_seed[0] for rows_of_seed in rows.values()]
    else:
        seed_rows = [{"seed": seed, **_mean_metrics(rows_of_seed)} for seed, rows_of_seed in rows.items()]
        if len(seed_rows) == 1:
            seed_rows[0] |= _joint_intervals(runs_by_seed, stream)
    summary = {
        "dataset": runs[0].meta.get("dataset"),
        "protocols": protocols,
        "kind": "folds" if are_folds else "splits" if len(protocols) > 1 else "one",
        "stream": stream,
        "rows": [row for rows_of_seed in rows.values() for row in rows_of_seed],
        "seeds": seed_rows,
        **_mean_metrics(seed_rows),
        "sd": None,
    }
    if len(seed_rows) > 1:
        summary["sd"] = {name: stdev(row[name] for row in seed_rows) for name in METRICS}
    else:
        names = ("ci95", "ci95_top1", "ci95_over", "ci95_units")
        summary |= {name: seed_rows[0][name] for name in names if name in seed_rows[0]}
    return summary


def compare_runs(
    runs: Sequence[Predictions],
    others: Sequence[Predictions],
    *,
    stream: str | None = None,
    other_stream: str | None = None,
) -> dict[str, Any]:
    """Return the accuracy of ``runs`` minus that of ``others`` with its paired 95 % interval, as JSON values.

    Both are evaluated on the same resamples, drawn once for all splits. Over several seeds a sample counts by its share
    of right answers; the interval says nothing about other seeds.

    Args:
        runs: predictions of test splits.
        others: predictions of the same test splits by another model or fusion; the number of seeds may differ.
        stream: name of the stream of ``runs``; None takes ``fused``, or the only stream.
        other_stream: name of the stream of ``others``, likewise.

    Raises:
        InputError: If the two do not hold the same samples of the same protocols.
    """
    aligned = align_classes([*runs, *others])
    runs, others = aligned[: len(runs)], aligned[len(runs) :]
    both = []
    for members, name in ((runs, stream), (others, other_stream)):
        test_sets = group_test_sets(group_runs(members))
        both.append((test_sets, choose_stream(members[0], name)))
    (test_sets, stream), (other_sets, other_stream) = both
    first = next(iter(test_sets.values()))
    other_first = next(iter(other_sets.values()))
    _check_same_test_sets(first, other_first)
    unit, bootstrap = build_joint_bootstrap(list(first.values()))
    a = _share_correct(test_sets, stream)
    b = _share_correct(other_sets, other_stream)
    difference, ci95 = bootstrap.difference(a, b)
    difference_top1, ci95_top1 = bootstrap.difference(a, b, metric="top1")
    return {
        "stream": other_stream,
        "protocols": list(other_first),
        "mean_class_accuracy": bootstrap.accuracy(b),
        "top1": bootstrap.accuracy(b, metric="top1"),
        "difference": difference,
        "ci95": ci95,
        "difference_top1": difference_top1,
        "ci95_top1": ci95_top1,
        "ci95_over": unit,
        "ci95_units": bootstrap.num_units,
    }


def _joint_intervals(runs_by_seed: RunsBySeed, stream: str) -> dict[str, Any]:
    """Return the intervals of the mean over the splits of one seed."""
    test_sets = group_test_sets(runs_by_seed)
    unit, bootstrap = build_joint_bootstrap(list(next(iter(test_sets.values())).values()))
    correct = _share_correct(test_sets, stream)
    return {
        "ci95": bootstrap.interval(correct),
        "ci95_top1": bootstrap.interval(correct, metric="top1"),
        "ci95_over": unit,
        "ci95_units": bootstrap.num_units,
    }


def _share_correct(test_sets_by_seed: RunsBySeed, stream: str) -> list[np.ndarray]:
    """Return the share of seeds that are right about each sample, one array ``[N]`` a test set."""
    seeds = list(test_sets_by_seed.values())
    return [
        np.mean(
            [
                predict_classes(runs[name].scores[stream], runs[name].present[stream]) == runs[name].labels
                for runs in seeds
            ],
            axis=0,
        )
        for name in seeds[0]
    ]


def _mean_metrics(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {name: fmean(row[name] for row in rows) for name in METRICS}


def _check_same_test_sets(first: Mapping[str, Predictions], second: Mapping[str, Predictions]) -> None:
    if list(first) != list(second):
        fail("protocols to compare with", f"be {shorten(first)}", shorten(second))
    for name, test in first.items():
        differing_ids = np.setxor1d(test.ids, second[name].ids)
        subject = f"samples to compare with, protocol '{name}',"
        if len(differing_ids):
            fail(subject, "be the same", f"'{differing_ids[0]}' in one of them only")
        if (test.labels != second[name].labels).any():
            fail(subject, "have the same labels", "others")
