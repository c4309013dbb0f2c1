"""Content of ``comparison.json``: several models of the same samples against the late fusion of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

import numpy as np

from triad.fusion.evaluation.class_pairs import ClassPair, evaluate_pair
from triad.fusion.evaluation.fusion_candidates import FusionCandidate, build_late_candidates, select_by_subset
from triad.fusion.evaluation.model_runs import Run
from triad.fusion.evaluation.subset_cost import ATTENTION
from triad.fusion.predictions import (
    FUSED,
    Bootstrap,
    Predictions,
    choose_stream,
    mean_class_accuracy,
    predict_classes,
    select_clusters,
)
from triad.modalities.checks import fail

LATE = "late fusion"


class _Answer:
    """Scores of one row on the test samples, one array a seed.

    Args:
        name: name of the row.
        streams: streams that it reads.
        scores: scores ``[N, K]`` and presence ``[N]`` of each seed.
        validation: accuracy on validation of each seed, 0–1.
        cost: parameters and GMACs by part.
    """

    def __init__(
        self,
        name: str,
        streams: Sequence[str],
        scores: Sequence[tuple[np.ndarray, np.ndarray]],
        validation: Sequence[float],
        cost: Mapping[str, Any],
    ) -> None:
        self.name = name
        self.streams = list(streams)
        self.scores = list(scores)
        self.validation = list(validation)
        self.cost = cost

    def correct(self, labels: np.ndarray) -> np.ndarray:
        """Return the share of seeds that classify each sample rightly, ``[N]``."""
        return np.mean([predict_classes(scores, present) == labels for scores, present in self.scores], axis=0)


def build_comparison(
    runs: Mapping[str, Sequence[Run]],
    *,
    reference: str,
    pairs: Sequence[ClassPair] = (),
    resamples: int = 5000,
    seed: int = 0,
) -> dict[str, Any]:
    """Build the content of ``comparison.json``.

    The first rows are those of the reference model: each of its streams alone, and for every set of its streams the
    late fusion that validation chose. Then come the answers of all models. Accuracies are means over the seeds; their
    intervals draw whole subjects or source videos, and differences are paired with the late fusion of all streams.

    Args:
        runs: predictions of each model, one run a seed.
        reference: name of the model whose streams are fused late.
        pairs: pairs of classes, whose accuracy is listed in every row.
        resamples: number of bootstrap resamples.
        seed: seed of the bootstrap.

    Raises:
        InputError: If the models were not tested on the same samples.
    """
    test = runs[reference][0].test
    for name, members in runs.items():
        for member in members:
            _check_same_samples(test, member.test, name)
    answers = _late_answers(runs[reference])
    fused = answers[-1]
    answers += [_model_answer(name, members) for name, members in runs.items()]
    unit, groups = select_clusters(test.groups)
    bootstrap = Bootstrap(test.labels, groups=groups, resamples=resamples, seed=seed)
    baseline = fused.correct(test.labels)
    rows = []
    for answer in answers:
        correct = answer.correct(test.labels)
        difference, ci95 = bootstrap.difference(correct, baseline)
        by_seed = [mean_class_accuracy(test.labels, predict_classes(*scores)) for scores in answer.scores]
        rows.append(
            {
                "name": answer.name,
                "streams": answer.streams,
                "mean_class_accuracy": fmean(by_seed),
                "ci95": bootstrap.interval(correct),
                "seeds": by_seed,
                "sd": stdev(by_seed) if len(by_seed) > 1 else None,
                "validation": fmean(answer.validation),
                "difference": difference,
                "difference_ci95": ci95,
                "cost": dict(answer.cost),
                "pairs": {pair.name: _pair_accuracy(pair, answer, test) for pair in pairs},
            }
        )
    return {
        "dataset": test.meta.get("dataset"),
        "protocol": test.meta.get("protocol"),
        "hardware": test.meta.get("hardware"),
        "num_test": len(test),
        "reference": fused.name,
        "interval": {"over": unit, "units": bootstrap.num_units, "resamples": resamples, "seed": seed, "level": 0.95},
        "rows": rows,
    }


def _check_same_samples(first: Predictions, other: Predictions, name: str) -> None:
    if first.ids.tolist() != other.ids.tolist() or first.classes != other.classes:
        fail(f"test samples of '{name}'", "be those of the other models", "others", "give all one dataset and protocol")


def _late_answers(runs: Sequence[Run]) -> list[_Answer]:
    """Return the single streams and the chosen late fusion of every set of streams, that of all streams last."""
    by_seed = [select_by_subset(build_late_candidates(run.test, run.val)) for run in runs]
    cost = runs[0].test.meta.get("cost", {})
    answers = []
    for subset in by_seed[0]:
        chosen: list[FusionCandidate] = [candidates[subset] for candidates in by_seed]
        methods = "/".join(sorted({candidate.fusion for candidate in chosen}))
        name = subset[0] if len(subset) == 1 else f"{LATE} ({methods}) of {', '.join(subset)}"
        scores = [(candidate.scores, candidate.present) for candidate in chosen]
        parts = {stream: cost[stream] for stream in subset if stream in cost}
        answers.append(_Answer(name, subset, scores, [candidate.validation for candidate in chosen], parts))
    return answers


def _model_answer(name: str, runs: Sequence[Run]) -> _Answer:
    scores = []
    validation = []
    for run in runs:
        stream = choose_stream(run.test)
        scores.append((run.test.scores[stream], run.test.present[stream]))
        predicted = predict_classes(run.val.scores[stream], run.val.present[stream])
        validation.append(mean_class_accuracy(run.val.labels, predicted))
    cost = runs[0].test.meta.get("cost", {})
    return _Answer(name, [part for part in cost if part != ATTENTION], scores, validation, cost)


def _pair_accuracy(pair: ClassPair, answer: _Answer, test: Predictions) -> float | None:
    cells = [
        evaluate_pair(pair, FUSED, scores=scores, labels=test.labels, present=present, classes=test.classes)["accuracy"]
        for scores, present in answer.scores
    ]
    return None if None in cells else fmean(cells)
