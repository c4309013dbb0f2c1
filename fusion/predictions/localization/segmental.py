"""Segmental metrics of videos with one class a frame: edit score and F1@k.

C. Lea et al. (2017), "Temporal convolutional networks for action segmentation and detection"; the edit score after
C. Lea et al. (2016), "Segmental spatiotemporal CNNs for fine-grained action segmentation".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from triad.fusion.predictions.localization.event_average_precision import ROUNDING, temporal_iou

BACKGROUND = -1
"""Label of a frame that shows no class; its segments do not count."""
F1_OVERLAPS = (0.10, 0.25, 0.50)


class LabelRun(NamedTuple):
    """Segment of equal labels: its label, its first frame, and the frame after its last."""

    label: int
    first: int
    end: int


class F1Counts(NamedTuple):
    """Numbers of segments that F1@k is made of."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def f1(self) -> float:
        """F1, in 0–1; 1 where there is no segment on either side."""
        total = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / total if total else 1.0


def find_runs(labels: np.ndarray) -> list[LabelRun]:
    """Return the segments of equal labels without those of the background. Shapes: int ``[T]``."""
    if not len(labels):
        return []
    firsts = np.concatenate([[0], np.flatnonzero(np.diff(labels)) + 1])
    ends = np.concatenate([firsts[1:], [len(labels)]])
    runs = [LabelRun(int(labels[first]), int(first), int(end)) for first, end in zip(firsts, ends, strict=True)]
    return [run for run in runs if run.label != BACKGROUND]


def edit_score(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return one minus the Levenshtein distance of the sequences of segments over the length of the longer, in 0–1.

    Shapes: int ``[T]`` each.
    """
    true_labels = [run.label for run in find_runs(truth)]
    predicted_labels = [run.label for run in find_runs(predicted)]
    longest = max(len(true_labels), len(predicted_labels))
    return 1.0 - levenshtein(true_labels, predicted_labels) / longest if longest else 1.0


def levenshtein(a: Sequence[int], b: Sequence[int]) -> int:
    """Return the smallest number of insertions, deletions and substitutions that turn ``a`` into ``b``."""
    target = np.asarray(b)
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for number, item in enumerate(a, 1):
        changed = np.concatenate([[number], np.minimum(row[1:] + 1, row[:-1] + (target != item))])
        row = np.minimum.accumulate(changed - steps) + steps  # insertions
    return int(row[-1])


def count_f1(truth: np.ndarray, predicted: np.ndarray, overlap: float) -> F1Counts:
    """Return the counts of F1 at an overlap for one video; those of a test set are the sums.

    Each predicted segment, in their order, is compared with the annotated one of its class with the highest IoU. It is
    right if that IoU reaches the overlap and no segment before it was right there.

    Args:
        truth: annotated label of each frame.
        predicted: predicted label of each frame.
        overlap: smallest IoU, 0–1.

    Shapes: int ``[T]`` each.
    """
    true_runs = find_runs(truth)
    predicted_runs = find_runs(predicted)
    if not true_runs or not predicted_runs:
        return F1Counts(0, len(predicted_runs), len(true_runs))
    iou = temporal_iou(_spans(predicted_runs), _spans(true_runs))  # [P, G]
    same_class = (
        np.array([run.label for run in predicted_runs])[:, None] == np.array([run.label for run in true_runs])[None]
    )
    iou = iou * same_class
    matched = np.zeros(len(true_runs), dtype=bool)
    true_positives = 0
    for row in iou:
        best = int(row.argmax())
        if row[best] >= overlap - ROUNDING and row[best] > 0 and not matched[best]:
            matched[best] = True
            true_positives += 1
    return F1Counts(true_positives, len(predicted_runs) - true_positives, len(true_runs) - true_positives)


def _spans(runs: Sequence[LabelRun]) -> np.ndarray:
    return np.array([(run.first, run.end) for run in runs], dtype=np.float64)
