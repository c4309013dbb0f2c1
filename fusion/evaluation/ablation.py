"""Every subset of streams under every fusion, with intervals: the document that is quoted, and nothing else is.

For each subset the fusion is chosen on validation alone, and exactly that row is ``selected``. Accuracies are shares
between 0 and 1. The same predictions give the same document, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fusion.evaluation.class_pairs import ClassPair, measure_pair
from fusion.evaluation.fusion_candidates import FusionCandidate, late_candidates, select, subsets
from fusion.late_fusion.methods import LATE_METHODS
from fusion.predictions import (
    FUSED,
    Bootstrap,
    Predictions,
    check_disjoint,
    class_accuracy,
    confusion_matrix,
    mean_class_accuracy,
    select_clusters,
    top_k_correct,
)
from modalities.checks import fail

RESAMPLES = 5000


def ablate_predictions(
    test: Predictions,
    val: Predictions,
    *,
    methods: Sequence[str] = tuple(LATE_METHODS),
    pairs: Sequence[ClassPair] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Any]:
    """The document of all late fusions of all subsets of the streams of ``test``, learned and chosen on ``val``.

    Args:
        test: joined predictions of the test split.
        val: joined predictions of the validation split, with every stream of ``test``.
        methods: names of :data:`~fusion.late_fusion.methods.LATE_METHODS`.
        pairs: pairs of classes for the pair × stream table.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        InputError: if the two sets share a sample or do not fit each other, or carry no labels.
    """
    systems = every_late_candidate(test, val, methods=methods)
    document = ablation_document(test, systems, pairs=pairs, resamples=resamples, seed=seed)
    return {**document, "num_validation": len(val)}


def every_late_candidate(
    test: Predictions,
    val: Predictions,
    *,
    methods: Sequence[str] = tuple(LATE_METHODS),
    track: Callable[[Sequence[tuple[str, ...]]], Iterable[tuple[str, ...]]] = iter,
) -> list[FusionCandidate]:
    """All late fusions of all subsets of the streams of ``test``, learned and judged on ``val``.

    Args:
        test: joined predictions of the test split.
        val: joined predictions of the validation split, with every stream of ``test``.
        methods: names of :data:`~fusion.late_fusion.methods.LATE_METHODS`.
        track: wraps the list of subsets, to draw a progress bar.

    Raises:
        InputError: if the two sets share a sample or do not fit each other, or carry no labels.
    """
    test.check_labelled("test predictions")
    val.check_labelled("validation predictions")
    check_disjoint(val, test)
    if lacking := sorted(set(test.streams) - set(val.streams)):
        cure = "give the validation predictions of every stream to --fit"
        fail("validation predictions", f"hold the test's streams {list(test.streams)}", f"none of {lacking}", cure)
    return [
        system for subset in track(subsets(test.streams)) for system in late_candidates(test, val, subset, methods)[0]
    ]


def ablation_document(
    test: Predictions,
    systems: Sequence[FusionCandidate],
    *,
    pairs: Sequence[ClassPair] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Any]:
    """What ``ablation.json`` holds, from systems of any mode; every stream alone must be among them.

    ``ci95`` is over whole subjects or source videos where the predictions know three or more (``interval`` says
    which), ``ci95_samples`` over single samples. ``paired`` compares selected rows: all streams with each single
    one, and with all but one. The best single stream is the best one *on test*, the hardest to beat.

    Raises:
        InputError: if there is no system of a stream alone, or none of all streams.
    """
    everything = max((system.streams for system in systems), key=len, default=())
    chosen = {
        streams: select([each for each in systems if each.streams == streams])
        for streams in dict.fromkeys(system.streams for system in systems)
    }
    if lacking := [stream for stream in everything if (stream,) not in chosen] or not everything:
        fail("systems of an ablation", "include every stream alone", f"none of {lacking}")
    unit, groups = select_clusters(dict(test.groups))
    by_sample = Bootstrap(test.labels, resamples=resamples, seed=seed)
    bootstrap = by_sample if groups is None else Bootstrap(test.labels, groups=groups, resamples=resamples, seed=seed)
    correct = {streams: system.predicted == test.labels for streams, system in chosen.items()}
    singles = [(stream,) for stream in everything]
    best = max(singles, key=lambda streams: mean_class_accuracy(test.labels, chosen[streams].predicted))

    def compare(a: tuple[str, ...], b: tuple[str, ...], kind: str) -> dict[str, Any]:
        difference, ci95 = bootstrap.difference(correct[a], correct[b])
        _, ci95_samples = by_sample.difference(correct[a], correct[b])
        return {
            "kind": kind,
            "a": chosen[a].name,
            "b": chosen[b].name,
            "added": [stream for stream in a if stream not in b],
            "difference": difference,
            "ci95": list(ci95),
            "ci95_samples": list(ci95_samples),
        }

    without = [tuple(name for name in everything if name != stream) for stream in everything]
    paired = [compare(everything, single, "all against one") for single in singles if single != everything]
    paired += [compare(everything, rest, "adding one") for rest in without if len(rest) > 1 and rest in chosen]
    fused = chosen[everything]
    cells = [(each.name, each) for each in (chosen[single] for single in singles)] + [(FUSED, fused)]
    return {
        "dataset": test.meta.get("dataset"),
        "protocol": test.meta.get("protocol"),
        "split": test.meta.get("split"),
        "classes": list(test.classes),
        "num_test": len(test),
        "interval": {"over": unit, "units": bootstrap.num_units, "resamples": resamples, "seed": seed, "level": 0.95},
        "rows": [
            _row(each, test, selected=each is chosen[each.streams], bootstrap=bootstrap, by_sample=by_sample)
            for each in systems
        ],
        "paired": paired,
        "best_single": chosen[best].name,
        "cost": dict(test.meta.get("cost", {})),
        "confusion": {
            "best_single": confusion_matrix(test.labels, chosen[best].predicted, len(test.classes)).tolist(),
            FUSED: confusion_matrix(test.labels, fused.predicted, len(test.classes)).tolist(),
        },
        "per_class": _per_class(test, chosen[best], fused),
        "pairs": [
            measure_pair(
                pair,
                stream,
                scores=system.scores,
                labels=test.labels,
                present=system.present,
                classes=test.classes,
            )
            for pair in pairs
            for stream, system in cells
        ],
    }


def _row(
    system: FusionCandidate, test: Predictions, *, selected: bool, bootstrap: Bootstrap, by_sample: Bootstrap
) -> dict[str, Any]:
    correct = system.predicted == test.labels

    def top(k: int) -> float:
        return float(top_k_correct(system.scores, test.labels, k, system.present).mean())

    return {
        "streams": list(system.streams),
        "fusion": system.fusion,
        "mode": system.mode,
        "selected": selected,
        "mean_class_accuracy": mean_class_accuracy(test.labels, system.predicted),
        "top1": top(1),
        "top5": top(5),
        "ci95": list(bootstrap.interval(correct)),
        "ci95_samples": list(by_sample.interval(correct)),
        "validation": system.validation,
        "seeds": _seeds(test.meta, system.streams),
    }


def _per_class(test: Predictions, single: FusionCandidate, fused: FusionCandidate) -> list[dict[str, Any]]:
    count = np.bincount(test.labels, minlength=len(test.classes))
    ours = class_accuracy(test.labels, fused.predicted, len(test.classes))
    theirs = class_accuracy(test.labels, single.predicted, len(test.classes))
    return [
        {
            "class": name,
            "n": int(count[index]),
            "best_single": float(theirs[index]),
            FUSED: float(ours[index]),
            "gain": float(ours[index] - theirs[index]),
        }
        for index, name in enumerate(test.classes)
        if count[index]
    ]


def _seeds(meta: Mapping[str, Any], streams: Sequence[str]) -> list[int]:
    own = meta.get("streams", {})
    found = {own.get(stream, {}).get("seed", meta.get("seed")) for stream in streams}
    return sorted(seed for seed in found if seed is not None)
