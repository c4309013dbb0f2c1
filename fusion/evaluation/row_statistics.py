"""Statistics of an ablation's rows beyond accuracy: paired differences, McNemar's tests, shares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol

import numpy as np

from triad.fusion.evaluation.fusion_candidates import Subset, stream_subsets
from triad.fusion.evaluation.shapley import shapley_values
from triad.fusion.predictions import Interval, expanded_percentiles, mcnemar_test

LEVEL = 0.95


class Resamples(Protocol):
    """Bootstrap of one or several test sets."""

    num_units: int

    def accuracies(self, correct: Any) -> np.ndarray: ...

    def accuracy(self, correct: Any) -> float: ...

    def difference(self, a: Any, b: Any) -> tuple[float, Interval]: ...


def paired_rows(correct: Mapping[Subset, Any], by_unit: Resamples, by_sample: Resamples) -> list[dict[str, Any]]:
    """Compare all streams with each single stream, then with all but one, as JSON values.

    Args:
        correct: right answers of the selected candidate of every subset, as the bootstraps take them.
        by_unit: resamples of whole subjects or source videos.
        by_sample: resamples of single samples.
    """
    all_streams = max(correct, key=len)
    rows = []
    for subset, kind in _compared_subsets(correct, all_streams):
        difference, ci95 = by_unit.difference(correct[all_streams], correct[subset])
        _, ci95_samples = by_sample.difference(correct[all_streams], correct[subset])
        rows.append(
            {
                "kind": kind,
                "a": "+".join(all_streams),
                "b": "+".join(subset),
                "added": [stream for stream in all_streams if stream not in subset],
                "difference": difference,
                "ci95": ci95,
                "ci95_samples": ci95_samples,
            }
        )
    return rows


def _compared_subsets(subsets: Collection[Subset], all_streams: Subset) -> list[tuple[Subset, str]]:
    """Return the subsets that all streams are compared with, and the kind of each comparison.

    These are every single stream (``all against one``), then all but one (``adding one``).
    """
    singles = [(stream,) for stream in all_streams]
    all_but_one = [tuple(name for name in all_streams if name != stream) for stream in all_streams]
    rows = [(subset, "all against one") for subset in singles if subset != all_streams]
    return rows + [(subset, "adding one") for subset in all_but_one if len(subset) > 1 and subset in subsets]


def mcnemar_rows(correct: Mapping[Subset, np.ndarray]) -> list[dict[str, Any]]:
    """Return McNemar's test of every pair of subsets, as JSON values.

    Args:
        correct: mask of the right answers of the selected candidate of every subset, ``[N]``.
    """
    return [
        {"a": "+".join(a), "b": "+".join(b), **mcnemar_test(correct[a], correct[b])._asdict()}
        for a, b in combinations(correct, 2)
    ]


def shapley_rows(
    correct: Mapping[Subset, Any],
    class_accuracies: Mapping[Subset, np.ndarray],
    bootstrap: Resamples,
    *,
    classes: Sequence[str],
) -> dict[str, Any] | None:
    """Return the share of every stream in the accuracy of all, overall with its interval and for each class.

    ``empty`` is the accuracy without any stream, a guess among all classes. The result is None where a subset of the
    streams is missing.

    Args:
        correct: right answers of the selected candidate of every subset, as the bootstrap takes them.
        class_accuracies: accuracy of every class, ``[K]``, NaN for a class without samples, by subset.
        bootstrap: resamples of the test samples.
        classes: K class names.
    """
    streams = max(correct, key=len)
    if set(stream_subsets(streams)) - set(correct):
        return None
    empty = 1 / len(classes)
    overall = shapley_values({(): empty, **{subset: bootstrap.accuracy(of) for subset, of in correct.items()}}, streams)
    resampled = shapley_values(
        {(): empty, **{subset: bootstrap.accuracies(of) for subset, of in correct.items()}}, streams
    )
    by_class = shapley_values({(): empty, **class_accuracies}, streams)
    tested = np.flatnonzero(~np.isnan(class_accuracies[streams])).tolist()
    return {
        "empty": empty,
        "full": bootstrap.accuracy(correct[streams]),
        "streams": [
            {
                "stream": stream,
                "value": float(overall[stream]),
                "ci95": expanded_percentiles(resampled[stream], bootstrap.num_units, LEVEL),
            }
            for stream in streams
        ],
        "per_class": [
            {"class": classes[index], "values": {stream: float(by_class[stream][index]) for stream in streams}}
            for index in tested
        ],
    }
