"""Test samples that illustrate an ablation: right when fused, wrong by the best single stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import log_softmax

from triad.fusion.evaluation.fusion_candidates import FusionCandidate, select_by_subset
from triad.fusion.predictions import FUSED, Predictions, mean_class_accuracy


class Highlight(NamedTuple):
    """Sample to show: its id and one line with its class and the class that each stream predicted."""

    id: str
    caption: str


def find_highlights(test: Predictions, candidates: Sequence[FusionCandidate]) -> list[Highlight]:
    """Return at most one sample a stream, all of them right when fused and wrong by the best single stream.

    The sample of the best stream is one that no single stream predicts right. The sample of any other stream is one
    that this stream predicts right, preferably alone. Among several, the one whose fused score is most confident is
    taken, then the first by id. A stream without such a sample is skipped.

    Args:
        test: labelled predictions of the test split.
        candidates: candidates as for :func:`triad.fusion.evaluation.ablation.build_ablation_document`.
    """
    selected = select_by_subset(candidates)
    singles = {subset[0]: candidate for subset, candidate in selected.items() if len(subset) == 1}
    fused = selected[max(selected, key=len)]
    if len(singles) < 2:
        return []
    correct = {name: single.predicted == test.labels for name, single in singles.items()}
    best = max(fused.streams, key=lambda name: mean_class_accuracy(test.labels, singles[name].predicted))
    gained = (fused.predicted == test.labels) & ~correct[best]
    confidence = log_softmax(fused.scores.astype(np.float64), axis=1).max(axis=1)
    num_correct = np.sum(list(correct.values()), axis=0)  # [N], number of streams that are right

    def rank(row: int) -> tuple[int, float, str]:
        return num_correct[row], -round(confidence[row], 9), str(test.ids[row])

    chosen_rows: list[int] = []
    for name in fused.streams:
        eligible = gained & (num_correct == 0 if name == best else correct[name])
        eligible[chosen_rows] = False
        if eligible.any():
            chosen_rows.append(min(np.flatnonzero(eligible).tolist(), key=rank))
    return [Highlight(str(test.ids[row]), _caption(test, row, singles, fused)) for row in chosen_rows]


def _caption(test: Predictions, row: int, singles: dict[str, FusionCandidate], fused: FusionCandidate) -> str:
    label = test.labels[row]
    predicted = {name: singles[name].predicted[row] for name in fused.streams} | {FUSED: fused.predicted[row]}
    answers = [
        f"{name}: {_class_words(test, answer)} {'✓' if answer == label else '✗'}" for name, answer in predicted.items()
    ]
    return f"{test.ids[row]}, {_class_words(test, label)}. {', '.join(answers)}"


def _class_words(test: Predictions, label: int) -> str:
    return test.classes[label].replace("_", " ") if label >= 0 else "not there"
