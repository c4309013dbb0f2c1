"""One way of deciding, from one set of streams: what a row of the ablation measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fusion.late_fusion import LATE_METHODS, LateFusion, build_late_fusion, grouped_folds
from fusion.predictions import Predictions, mean_class_accuracy, predict_classes
from modalities.checks import check_choice, fail

MODES = ("late", "masked", "retrained")
SINGLE = "single"
"""The fusion of one stream: itself."""

OUTER_FOLDS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class FusionCandidate:
    """What one subset of streams and one fusion said about the test samples, and how it did on validation.

    Args:
        streams: names in the order of :attr:`Predictions.streams`.
        fusion: name of the fusion; ``single`` for one stream by itself.
        mode: ``late`` (fusion of finished predictions), ``masked`` (a jointly trained model with the other streams
            masked) or ``retrained`` (one trained without them).
        scores: ``[N, K]`` on the test samples, in the order of the test predictions.
        present: ``[N]`` whether a sample had any of the streams.
        validation: mean class accuracy by which fusions of this subset are compared, on samples that what was
            learned after the networks has not seen.

    Raises:
        InputError: if the mode is unknown.
    """

    streams: tuple[str, ...]
    fusion: str
    mode: str
    scores: np.ndarray
    present: np.ndarray
    validation: float

    def __post_init__(self) -> None:
        check_choice("FusionCandidate.mode", self.mode, MODES)

    @property
    def name(self) -> str:
        """``rgb+skeleton``: as rows of the ablation are named."""
        return "+".join(self.streams)

    @property
    def predicted(self) -> np.ndarray:
        """``[N]`` class of each test sample, −1 where nothing was present."""
        return predict_classes(self.scores, self.present)


def subsets(streams: Sequence[str]) -> list[tuple[str, ...]]:
    """All 2ⁿ−1 non-empty subsets, small ones first, in the order of ``streams``."""
    return [subset for size in range(1, len(streams) + 1) for subset in combinations(streams, size)]


def out_of_fold(method: str, val: Predictions, streams: Sequence[str]) -> np.ndarray:
    """``[N, K]`` scores of each validation sample by a fusion that was fitted without its group.

    Without this a fusion that learns would be chosen for remembering the validation samples.
    """
    scores = np.zeros((len(val), len(val.classes)))
    for learn, held in grouped_folds(val, OUTER_FOLDS):
        scores[held] = build_late_fusion(method).fit(val.select(learn), streams).predict(val.select(held))
    return scores


def late_candidates(
    test: Predictions, val: Predictions, streams: Sequence[str], methods: Sequence[str]
) -> tuple[list[FusionCandidate], dict[str, LateFusion]]:
    """Every late fusion of one subset, judged on validation out of fold, and the fitted ones by method.

    One stream is itself. ``svm_features`` is left out where a stream has no features.
    """
    present, seen = test.any_present(streams), val.any_present(streams)
    if len(streams) == 1:
        stream = streams[0]
        validation = mean_class_accuracy(val.labels, predict_classes(val.scores[stream], seen))
        single = FusionCandidate(
            streams=tuple(streams),
            fusion=SINGLE,
            mode="late",
            scores=test.scores[stream],
            present=present,
            validation=validation,
        )
        return [single], {}
    featured = set(test.features) & set(val.features) >= set(streams)
    fitted = {name: build_late_fusion(name).fit(val, streams) for name in methods if featured or name != "svm_features"}
    if not fitted:
        fail("fusion methods", "fit the predictions", list(methods), "dump features, or name a method that needs none")
    systems = [
        FusionCandidate(
            streams=tuple(streams),
            fusion=name,
            mode="late",
            scores=fusion.predict(test),
            present=present,
            validation=mean_class_accuracy(val.labels, predict_classes(out_of_fold(name, val, streams), seen)),
        )
        for name, fusion in fitted.items()
    ]
    return systems, fitted


def select(systems: Sequence[FusionCandidate]) -> FusionCandidate:
    """The one that validation prefers; of equals the first, and methods come simplest first."""
    order = [SINGLE, *LATE_METHODS]
    ranked = sorted(systems, key=lambda each: order.index(each.fusion) if each.fusion in order else len(order))
    return max(ranked, key=lambda each: round(each.validation, 9))
