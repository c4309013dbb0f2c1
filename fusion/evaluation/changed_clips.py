"""Test clips whose answer fusion changes: those that it saves and those that it breaks, by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from triad.fusion.evaluation.fusion_candidates import FusionCandidate, select_by_subset
from triad.fusion.predictions import FUSED, Predictions


class ChangedClip(NamedTuple):
    """Clip of the test split on which fusion and the best single stream disagree about being right.

    Attributes:
        id: name of the sample.
        run: name of the split or seed; empty where there is one.
        predicted: class that each stream and ``fused`` predicted, None where the clip lacks the stream.
    """

    id: str
    run: str
    predicted: Mapping[str, str | None]


class ClassChanges(NamedTuple):
    """Clips of one class that fusion changes.

    Attributes:
        name: name of the class.
        num_test: number of its test clips.
        num_single: number that the best single stream has right.
        num_fused: number that fusion has right.
        saved: clips that fusion has right and the best single stream wrong, by id.
        broken: clips that fusion has wrong and the best single stream right, by id.
    """

    name: str
    num_test: int
    num_single: int
    num_fused: int
    saved: Sequence[ChangedClip]
    broken: Sequence[ChangedClip]


def find_changed_clips(
    runs: Mapping[str, tuple[Predictions, Sequence[FusionCandidate]]], *, best_single: str
) -> list[ClassChanges]:
    """Return the changed clips of every class that is tested, in the order of the classes.

    Compared are the selected candidates of all streams and of ``best_single``.

    Args:
        runs: test predictions and candidates of every split or seed, by name.
        best_single: name of the best single stream.
    """
    by_run = [_changes_of_run(name if len(runs) > 1 else "", *run, best_single) for name, run in runs.items()]
    return [_merge(of_class) for of_class in zip(*by_run, strict=True) if sum(of_run.num_test for of_run in of_class)]


def _changes_of_run(
    run: str, test: Predictions, candidates: Sequence[FusionCandidate], best_single: str
) -> list[ClassChanges]:
    selected = select_by_subset(candidates)
    fused = selected[max(selected, key=len)]
    predicted = {stream: selected[(stream,)].predicted for stream in fused.streams} | {FUSED: fused.predicted}
    fused_right = predicted[FUSED] == test.labels
    single_right = predicted[best_single] == test.labels

    def clips(mask: np.ndarray) -> list[ChangedClip]:
        rows = sorted(np.flatnonzero(mask).tolist(), key=lambda row: str(test.ids[row]))
        return [
            ChangedClip(
                str(test.ids[row]),
                run,
                {name: test.classes[of[row]] if of[row] >= 0 else None for name, of in predicted.items()},
            )
            for row in rows
        ]

    changes = []
    for index, name in enumerate(test.classes):
        of_class = test.labels == index
        changes.append(
            ClassChanges(
                name=name,
                num_test=int(of_class.sum()),
                num_single=int((of_class & single_right).sum()),
                num_fused=int((of_class & fused_right).sum()),
                saved=clips(of_class & fused_right & ~single_right),
                broken=clips(of_class & single_right & ~fused_right),
            )
        )
    return changes


def _merge(by_run: Sequence[ClassChanges]) -> ClassChanges:
    return ClassChanges(
        name=by_run[0].name,
        num_test=sum(of_run.num_test for of_run in by_run),
        num_single=sum(of_run.num_single for of_run in by_run),
        num_fused=sum(of_run.num_fused for of_run in by_run),
        saved=[clip for of_run in by_run for clip in of_run.saved],
        broken=[clip for of_run in by_run for clip in of_run.broken],
    )
