"""A few test samples worth looking at: what fusion knows and the best single stream does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import log_softmax

from fusion.evaluation.fusion_candidates import FusionCandidate, select
from fusion.predictions import Predictions, mean_class_accuracy


class Highlight(NamedTuple):
    """A sample to show: its id and, in one line, what it is and what each stream took it for."""

    id: str
    caption: str


def find_highlights(test: Predictions, systems: Sequence[FusionCandidate]) -> list[Highlight]:
    """At most one sample a stream, all of them right when fused and wrong by the best single stream.

    For each other stream the one that it alone knows (or it among others, where there is none); in place of the best
    stream, one that no stream knows by itself. Of several the one that the fusion is surest of; of equals the first by
    id. Nothing is drawn at random. A stream without such a sample is left out.

    Args:
        test: the predictions that were judged.
        systems: as for :func:`fusion.evaluation.ablation.ablation_document`.
    """
    chosen = {
        streams: select([each for each in systems if each.streams == streams])
        for streams in sorted({system.streams for system in systems}, key=len)
    }
    singles = {streams[0]: system for streams, system in chosen.items() if len(streams) == 1}
    fused = chosen[max(chosen, key=len)]
    if len(singles) < 2:
        return []
    correct = {name: system.predicted == test.labels for name, system in singles.items()}
    best = max(fused.streams, key=lambda name: mean_class_accuracy(test.labels, singles[name].predicted))
    gained = (fused.predicted == test.labels) & ~correct[best]
    sure = log_softmax(fused.scores.astype(np.float64), axis=1).max(axis=1)
    knowing = np.sum(list(correct.values()), axis=0)  # [N], how many streams are right
    taken: list[int] = []
    for name in fused.streams:
        wanted = gained & (knowing == 0 if name == best else correct[name])
        wanted[taken] = False
        rows = np.flatnonzero(wanted)
        if len(rows):
            # fewest others that know it, then the surest, then the id
            taken.append(min(rows.tolist(), key=lambda row: (knowing[row], -round(sure[row], 9), str(test.ids[row]))))
    return [Highlight(str(test.ids[row]), _caption(test, row, singles, fused)) for row in taken]


def _caption(test: Predictions, row: int, singles: dict[str, FusionCandidate], fused: FusionCandidate) -> str:
    said = [(name, singles[name].predicted[row]) for name in fused.streams] + [("fused", fused.predicted[row])]
    label = test.labels[row]
    answers = [f"{name}: {_words(test, answer)} {'✓' if answer == label else '✗'}" for name, answer in said]
    return f"{test.ids[row]}, {_words(test, label)}. {', '.join(answers)}"


def _words(test: Predictions, label: int) -> str:
    return test.classes[label].replace("_", " ") if label >= 0 else "not there"
