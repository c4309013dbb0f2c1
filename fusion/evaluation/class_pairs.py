"""Pairs of classes made to be told apart by some modalities only: what was expected beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from fusion.predictions import modality_of, pairwise_correct, wilson_interval
from modalities.checks import check_choice

BLIND_BELOW = 0.65
"""A blind stream's 95 % interval ends below this."""

SEES_ABOVE = 0.80
"""A seeing stream's accuracy lies above this."""


class ClassPair(Protocol):
    """Two classes and, by modality, whether it ``sees`` the difference, sees it ``weak``-ly or is ``blind``."""

    @property
    def name(self) -> str: ...

    @property
    def classes(self) -> tuple[str, str]: ...

    @property
    def sees(self) -> Mapping[str, str]: ...


def measure_pair(
    pair: ClassPair,
    stream: str,
    *,
    scores: np.ndarray,
    labels: np.ndarray,
    present: np.ndarray,
    classes: Sequence[str],
) -> dict[str, Any]:
    """One cell of the pair × stream table.

    ``ok`` is true or false where the pair says ``sees`` or ``blind``, null where it says ``weak`` or nothing or no
    sample is there.

    Shapes: scores ``[N, K]``, labels and present ``[N]``.

    Raises:
        InputError: if a class of the pair is none of ``classes``.
    """
    for name in pair.classes:
        check_choice(f"class of the pair '{pair.name}'", name, classes)
    first, second = (list(classes).index(name) for name in pair.classes)
    correct = pairwise_correct(scores, labels, (first, second), present)
    low, high = wilson_interval(float(correct.sum()), len(correct))
    accuracy = float(correct.mean()) if len(correct) else None
    expected = pair.sees.get(modality_of(stream))
    verdict = {"blind": high < BLIND_BELOW, "sees": accuracy is not None and accuracy > SEES_ABOVE}
    return {
        "pair": pair.name,
        "classes": list(pair.classes),
        "stream": stream,
        "expected": expected,
        "accuracy": accuracy,
        "ci95": [low, high],
        "n": len(correct),
        "ok": verdict.get(expected) if expected and len(correct) else None,
    }
