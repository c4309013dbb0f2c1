"""Statistics of the rows of an ablation beyond their accuracy: calibration, McNemar's tests, shares of the streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol

import numpy as np

from fusion.evaluation.fusion_candidates import FusionCandidate, Subset, stream_subsets
from fusion.evaluation.shapley import shapley_values
from fusion.predictions import calibration_error, expanded_percentiles, mcnemar_test

LEVEL = 0.95


class Resamples(Protocol):
    """Bootstrap of one or several test sets."""

    num_units: int

    def accuracies(self, correct: Any) -> np.ndarray: ...

    def accuracy(self, correct: Any) -> float: ...


def calibration_fields(candidate: FusionCandidate, labels: np.ndarray) -> dict[str, float | None]:
    """Return the calibration error of a candidate, before and after the temperature that was fitted on validation.

    Samples without any of its streams do not count. Fields are None where there is no sample or no temperature.

    Shapes: labels ``[N]``.
    """
    rows = candidate.present
    temperature = candidate.temperature
    fields: dict[str, float | None] = {"temperature": temperature, "ece": None, "ece_calibrated": None}
    if rows.any():
        scores = candidate.scores[rows]
        fields["ece"] = calibration_error(scores, labels[rows])
        if temperature is not None:
            fields["ece_calibrated"] = calibration_error(scores, labels[rows], temperature=temperature)
    return fields


def mcnemar_rows(candidates: Sequence[FusionCandidate], labels: np.ndarray) -> list[dict[str, Any]]:
    """Return McNemar's test of every pair of candidates, as JSON values. Shapes: labels ``[N]``."""
    return [
        {
            "a": a.name,
            "b": b.name,
            **mcnemar_test(a.predicted == labels, b.predicted == labels)._asdict(),
        }
        for a, b in combinations(candidates, 2)
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
                "ci95": list(expanded_percentiles(resampled[stream], bootstrap.num_units, LEVEL)),
            }
            for stream in streams
        ],
        "per_class": [
            {"class": classes[index], "values": {stream: float(by_class[stream][index]) for stream in streams}}
            for index in tested
        ],
    }
