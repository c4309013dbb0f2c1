"""Pairs of classes that only some modalities can tell apart: expected against measured accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from triad.fusion.predictions import modality_of, pairwise_correct, wilson_interval
from triad.modalities.checks import check_choice

BLIND_BELOW = 0.65
"""Upper bound of the 95 % interval of a modality that is blind to the difference."""

SEES_ABOVE = 0.80
"""Lower bound of the accuracy of a modality that sees the difference."""


class ClassPair(Protocol):
    """Two classes and, by modality, ``sees``, ``weak`` or ``blind``: how well their difference is expected to show."""

    @property
    def name(self) -> str: ...

    @property
    def classes(self) -> tuple[str, str]: ...

    @property
    def sees(self) -> Mapping[str, str]: ...


def evaluate_pair(
    pair: ClassPair,
    stream: str,
    *,
    scores: np.ndarray,
    labels: np.ndarray,
    present: np.ndarray,
    classes: Sequence[str],
) -> dict[str, Any]:
    """Compute one cell of the pair × stream table, as JSON values.

    ``ok`` says whether the accuracy fits ``sees`` or ``blind``; it is None where the pair expects ``weak`` or nothing,
    or has no sample.

    Args:
        pair: two classes with expectations by modality.
        stream: name of the stream, which gives the modality; ``fused`` has no expectation.
        scores: scores of all classes, ``[N, K]``.
        labels: class indices, ``[N]``.
        present: mask of the samples that have the stream, ``[N]``.
        classes: K class names, in the order of the scores.

    Raises:
        InputError: If a class of the pair is not in ``classes``.
    """
    for name in pair.classes:
        check_choice(f"class of the pair '{pair.name}'", name, classes)
    first, second = (list(classes).index(name) for name in pair.classes)
    correct = pairwise_correct(scores, labels, (first, second), present)
    low, high = wilson_interval(float(correct.sum()), len(correct))
    accuracy = float(correct.mean()) if len(correct) else None
    expected = pair.sees.get(modality_of(stream))
    fits = {"blind": high < BLIND_BELOW, "sees": accuracy is not None and accuracy > SEES_ABOVE}
    return {
        "pair": pair.name,
        "classes": list(pair.classes),
        "stream": stream,
        "expected": expected,
        "accuracy": accuracy,
        "ci95": [low, high],
        "n": len(correct),
        "ok": fits.get(expected) if expected and len(correct) else None,
    }
