"""Fusions of subsets of streams that an ablation compares, and the choice among them on validation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from triad.fusion.evaluation.score_figures import ScoreFigures, measure_scores
from triad.fusion.late_fusion import DEFAULT_METHODS, LATE_METHODS, build_late_fusion, fit_temperature, grouped_folds
from triad.fusion.late_fusion.classifiers import Folds
from triad.fusion.predictions import Predictions, check_disjoint, mean_class_accuracy, predict_classes
from triad.modalities.checks import check_choice, fail

MODES = ("late", "masked", "retrained")

SINGLE = "single"
"""Fusion name of one stream by itself."""

NUM_FOLDS = 5

Subset = tuple[str, ...]
"""Names of the streams that a candidate uses."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FusionCandidate:
    """Scores of one fusion of one subset of streams on the test samples, and its accuracy on validation.

    Args:
        streams: names in the order of :attr:`Predictions.streams`.
        fusion: name of the fusion; ``single`` for one stream by itself.
        mode: ``late`` (fusion of finished predictions), ``masked`` (a jointly trained model with all other streams
            masked) or ``retrained`` (a model trained without them).
        scores: scores of the test samples, ``[N, K]``, in the order of the test predictions; none, ``[0, K]``, where
            only their figures are kept.
        present: mask that is true where a sample has any of the streams, ``[N]``.
        validation: mean class accuracy, 0–1, on validation samples that the fusion was not fitted on; compares the
            fusions of one subset.
        temperature: temperature of the scores that was fitted on the same validation samples; None where it was not.
        cost: cost of each part of a model of its own; None for the costs of the streams' models.
        figures: figures of the scores, where these are not kept.

    Raises:
        InputError: If the mode is unknown.
    """

    streams: Subset
    fusion: str
    mode: str
    scores: np.ndarray
    present: np.ndarray
    validation: float
    temperature: float | None = None
    cost: Mapping[str, Any] | None = None
    figures: ScoreFigures | None = None

    def __post_init__(self) -> None:
        check_choice("FusionCandidate.mode", self.mode, MODES)

    @property
    def name(self) -> str:
        """Name of the subset in rows of the ablation, e.g. ``rgb+skeleton``."""
        return "+".join(self.streams)

    @property
    def predicted(self) -> np.ndarray:
        """Class of each test sample, ``[N]``; −1 where no stream is present."""
        return predict_classes(self.scores, self.present) if self.figures is None else self.figures.predicted

    def measure(self, labels: np.ndarray) -> ScoreFigures:
        """Return the figures of the scores. Shapes: labels ``[N]``."""
        return self.figures or measure_scores(self.scores, self.present, labels, self.temperature)

    def without_scores(self, labels: np.ndarray) -> FusionCandidate:
        """Return the candidate with the figures of its scores alone: scores of many classes take much memory."""
        return replace(self, scores=self.scores[:0].copy(), figures=self.measure(labels))


def stream_subsets(streams: Sequence[str]) -> list[Subset]:
    """Return all 2ⁿ−1 non-empty subsets, smallest first, in the order of ``streams``."""
    return [subset for size in range(1, len(streams) + 1) for subset in combinations(streams, size)]


def build_late_candidates(
    test: Predictions,
    val: Predictions,
    *,
    methods: Sequence[str] = DEFAULT_METHODS,
    keeps_scores: bool = False,
    track: Callable[[Sequence[Subset]], Iterable[Subset]] = iter,
) -> list[FusionCandidate]:
    """Fit all late fusions of all subsets of the streams of ``test`` and evaluate them on ``val``.

    Args:
        test: joined predictions of the test split.
        val: joined predictions of the validation split, with every stream of ``test``.
        methods: names of :data:`~triad.fusion.late_fusion.methods.LATE_METHODS`.
        keeps_scores: whether candidates that validation does not choose keep their scores, which folds are joined by;
            those of many classes take much memory.
        track: wrapper of the list of subsets that shows progress.

    Raises:
        InputError: If the two sets share a sample or do not fit each other, or have no labels.
    """
    test.check_labelled("test predictions")
    val.check_labelled("validation predictions")
    val = check_disjoint(val, test)
    if missing := sorted(set(test.streams) - set(val.streams)):
        cure = "give the validation predictions of every stream to --fit"
        fail("validation predictions", f"hold the test's streams {list(test.streams)}", f"none of {missing}", cure)
    candidates = []
    folds = grouped_folds(val, NUM_FOLDS) if len(test.streams) > 1 else None
    for subset in track(stream_subsets(test.streams)):
        if len(subset) == 1:
            candidates.append(_single_candidate(test, val, subset))
        else:
            candidates += _fused_candidates(test, val, subset, methods, folds, keeps_scores=keeps_scores)
    return candidates


def out_of_fold_scores(
    method: str, val: Predictions, streams: Sequence[str], *, folds: Folds | None = None
) -> np.ndarray:
    """Return scores ``[N, K]`` of each validation sample by a fusion that was fitted without its group.

    Scores of the samples that a fusion was fitted on would favour fusions that remember them.

    Args:
        method: name of the fusion.
        val: labelled validation predictions.
        streams: names of the streams.
        folds: folds of ``val`` that :func:`~triad.fusion.late_fusion.grouped_folds` made; None to make them.
    """
    scores = np.zeros((len(val), len(val.classes)))
    for train_rows, test_rows in folds or grouped_folds(val, NUM_FOLDS):
        fusion = build_late_fusion(method).fit(val.select(train_rows), streams)
        scores[test_rows] = fusion.predict(val.select(test_rows))
    return scores


def select_candidate(candidates: Sequence[FusionCandidate]) -> FusionCandidate:
    """Return the candidate with the best validation accuracy; of equals the simplest method."""
    order = [SINGLE, *LATE_METHODS]

    def complexity(candidate: FusionCandidate) -> int:
        return order.index(candidate.fusion) if candidate.fusion in order else len(order)

    return max(sorted(candidates, key=complexity), key=lambda candidate: round(candidate.validation, 9))


def select_by_subset(candidates: Sequence[FusionCandidate]) -> dict[Subset, FusionCandidate]:
    """Return the selected candidate of every subset, in the order in which the subsets occur."""
    subsets = dict.fromkeys(candidate.streams for candidate in candidates)
    return {
        subset: select_candidate([candidate for candidate in candidates if candidate.streams == subset])
        for subset in subsets
    }


def _single_candidate(test: Predictions, val: Predictions, subset: Subset) -> FusionCandidate:
    (stream,) = subset
    return FusionCandidate(
        streams=subset,
        fusion=SINGLE,
        mode="late",
        scores=test.scores[stream],
        present=test.present[stream],
        **evaluate_on_validation(val, val.scores[stream], val.present[stream]),
    )


def evaluate_on_validation(val: Predictions, scores: np.ndarray, present: np.ndarray) -> dict[str, Any]:
    """Return the fields ``validation`` and ``temperature`` of a candidate.

    Args:
        val: labelled validation predictions.
        scores: scores of the candidate, of samples that it was not fitted on, ``[N, K]``.
        present: mask of the samples that have any of its streams, ``[N]``.
    """
    return {
        "validation": mean_class_accuracy(val.labels, predict_classes(scores, present)),
        "temperature": fit_temperature(scores[present], val.labels[present]) if present.any() else None,
    }


def _fused_candidates(
    test: Predictions,
    val: Predictions,
    subset: Subset,
    methods: Sequence[str],
    folds: Folds | None,
    *,
    keeps_scores: bool,
) -> list[FusionCandidate]:
    """Fit every method on one subset; those that read features are skipped where a stream has none.

    Scores of candidates that validation does not choose are kept only where that is asked for.
    """
    has_features = set(test.features) & set(val.features) >= set(subset)
    usable_methods = [method for method in methods if has_features or not build_late_fusion(method).reads_features]
    if not usable_methods:
        cure = "dump features, or name a method that needs none"
        fail("fusion methods", "fit the predictions", list(methods), cure)
    present_in_val = val.any_present(subset)
    candidates: dict[str, FusionCandidate] = {}
    for method in usable_methods:
        candidates[method] = FusionCandidate(
            streams=subset,
            fusion=method,
            mode="late",
            scores=build_late_fusion(method).fit(val, subset).predict(test),
            present=test.any_present(subset),
            **evaluate_on_validation(val, out_of_fold_scores(method, val, subset, folds=folds), present_in_val),
        )
        if keeps_scores:
            continue
        chosen = select_candidate(list(candidates.values()))
        candidates = {
            name: candidate if candidate is chosen or candidate.figures else candidate.without_scores(test.labels)
            for name, candidate in candidates.items()
        }
    return list(candidates.values())
