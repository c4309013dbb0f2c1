"""Content of ``ablation.json`` over several splits or seeds: means, with intervals that draw shared groups once.

In each split the fusion of a subset is fitted and chosen on the validation predictions of that split. The selected row
of a subset is the mean over what each split chose; the other rows keep one fusion in all splits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np

from triad.fusion.evaluation.ablation import RESAMPLES, build_ablation_document
from triad.fusion.evaluation.aggregate import are_folds_of_one
from triad.fusion.evaluation.fusion_candidates import FusionCandidate, select_by_subset
from triad.fusion.evaluation.repeated_seeds import averaged_over, sd_over_seeds
from triad.fusion.evaluation.row_statistics import paired_rows, shapley_rows
from triad.fusion.predictions import (
    FUSED,
    JointBootstrap,
    Predictions,
    build_joint_bootstrap,
    class_accuracy,
    confusion_matrix,
)
from triad.modalities.checks import fail, shorten

BY_SPLIT = "by split"
"""Fusion name of a row whose splits chose different fusions."""


class SplitAblation(NamedTuple):
    """One split of an ablation.

    Attributes:
        test: joined predictions of its test clips.
        num_validation: number of clips that its fusions were fitted and chosen on.
        candidates: fusions of its streams.
    """

    test: Predictions
    num_validation: int
    candidates: Sequence[FusionCandidate]


class _Row(NamedTuple):
    """Candidates of one row, one a split, in the order of the splits."""

    fusion: str
    selected: bool
    candidates: Sequence[FusionCandidate]


def build_joint_document(
    splits: Mapping[str, SplitAblation], *, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Any]:
    """Build the content of ``ablation.json`` over several splits.

    It has the fields of :func:`~triad.fusion.evaluation.ablation.build_ablation_document`: accuracies are means over
    the splits, counts are sums, and the confusion matrices add up. ``protocols`` lists the splits, ``splits`` holds the
    document of each, and ``by_split`` of a row its fusion and accuracy in each. ``num_test`` counts different clips.
    Runs that differ in their seed are splits too; ``averaged_over`` says what the means are over, and ``sd`` of a row
    is the standard deviation over the seeds.

    Args:
        splits: ablations by protocol, over the same streams of one dataset.
        resamples: number of bootstrap resamples.
        seed: seed of the bootstrap.

    Raises:
        InputError: If the streams, the classes or the datasets of the splits differ.
    """
    _check_splits(splits)
    documents = {
        name: {
            **build_ablation_document(split.test, split.candidates, resamples=resamples, seed=seed),
            "num_validation": split.num_validation,
        }
        for name, split in splits.items()
    }
    test_sets = [split.test for split in splits.values()]
    unit, by_unit = build_joint_bootstrap(test_sets, resamples=resamples, seed=seed)
    _, by_sample = build_joint_bootstrap(test_sets, by_sample=True, resamples=resamples, seed=seed)
    rows = _build_rows(splits)
    selected = {row.candidates[0].streams: row for row in rows if row.selected}
    all_streams = max(selected, key=len)
    correct = {subset: _correct(row, test_sets) for subset, row in selected.items()}
    best_single = max(((stream,) for stream in all_streams), key=lambda subset: by_unit.accuracy(correct[subset]))
    first = next(iter(documents.values()))
    return {
        "dataset": first["dataset"],
        "protocol": ", ".join(dict.fromkeys(document["protocol"] or name for name, document in documents.items())),
        "protocols": list(splits),
        "averaged_over": averaged_over({name: split.test for name, split in splits.items()}),
        "split": first["split"],
        "classes": first["classes"],
        "num_test": len(np.unique(np.concatenate([test.ids for test in test_sets]))),
        "num_validation": sum(split.num_validation for split in splits.values()),
        "interval": {"over": unit, "units": by_unit.num_units, "resamples": resamples, "seed": seed, "level": 0.95},
        "rows": [_mean_row(row, splits, documents, by_unit, by_sample) for row in rows],
        "paired": paired_rows(correct, by_unit, by_sample),
        "best_single": "+".join(best_single),
        "cost": first["cost"],
        "extraction": first["extraction"],
        "subset_costs": first["subset_costs"],
        "mcnemar": [],  # clips of several splits or seeds are not independent: see those of each
        "shapley": shapley_rows(
            correct,
            {subset: _class_accuracies(row, test_sets) for subset, row in selected.items()},
            by_unit,
            classes=first["classes"],
        ),
        "confusion": {
            "best_single": _sum_confusions(selected[best_single], test_sets),
            FUSED: _sum_confusions(selected[all_streams], test_sets),
        },
        "per_class": _class_rows(selected[best_single], selected[all_streams], test_sets),
        "pairs": [],
        "splits": documents,
    }


def _build_rows(splits: Mapping[str, SplitAblation]) -> list[_Row]:
    """Return the rows of every subset: each fusion that all splits have, and the one that each split chose."""
    selections = [select_by_subset(split.candidates) for split in splits.values()]
    rows = []
    for subset in selections[0]:
        chosen = [selection[subset] for selection in selections]
        fusions = list(dict.fromkeys(candidate.fusion for candidate in chosen))
        by_fusion = [
            {candidate.fusion: candidate for candidate in split.candidates if candidate.streams == subset}
            for split in splits.values()
        ]
        shared = [name for name in by_fusion[0] if all(name in candidates for candidates in by_fusion)]
        rows += [_Row(name, fusions == [name], [candidates[name] for candidates in by_fusion]) for name in shared]
        if len(fusions) > 1:
            rows.append(_Row(BY_SPLIT, True, chosen))
    return rows


def _mean_row(
    row: _Row,
    splits: Mapping[str, SplitAblation],
    documents: Mapping[str, Mapping[str, Any]],
    by_unit: JointBootstrap,
    by_sample: JointBootstrap,
) -> dict[str, Any]:
    correct = _correct(row, [split.test for split in splits.values()])
    streams = list(row.candidates[0].streams)
    of_splits = {}
    for (name, document), candidate in zip(documents.items(), row.candidates, strict=True):
        of_splits[name] = next(
            of_split
            for of_split in document["rows"]
            if of_split["streams"] == streams and of_split["fusion"] == candidate.fusion
        )
    means = {
        name: fmean(of_split[name] for of_split in of_splits.values())
        for name in ("mean_class_accuracy", "top1", "top5", "validation")
    }
    errors = {name: [of_split[name] for of_split in of_splits.values()] for name in ("ece", "ece_calibrated")}
    return {
        "streams": streams,
        "fusion": row.fusion,
        "mode": row.candidates[0].mode,
        "selected": row.selected,
        **means,
        "ci95": by_unit.interval(correct),
        "ci95_samples": by_sample.interval(correct),
        "ci95_top1": by_unit.interval(correct, metric="top1"),
        **{name: None if None in values else fmean(values) for name, values in errors.items()},
        "sd": sd_over_seeds(
            {name: split.test for name, split in splits.items()},
            {name: of_split["mean_class_accuracy"] for name, of_split in of_splits.items()},
        ),
        "seeds": sorted({seed for of_split in of_splits.values() for seed in of_split["seeds"]}),
        "by_split": {
            name: {field: of_split[field] for field in ("fusion", "mean_class_accuracy", "top1")}
            for name, of_split in of_splits.items()
        },
    }


def _correct(row: _Row, test_sets: Sequence[Predictions]) -> list[np.ndarray]:
    return [candidate.predicted == test.labels for candidate, test in zip(row.candidates, test_sets, strict=True)]


def _sum_confusions(row: _Row, test_sets: Sequence[Predictions]) -> list[list[int]]:
    matrices = [
        confusion_matrix(test.labels, candidate.predicted, len(test.classes))
        for candidate, test in zip(row.candidates, test_sets, strict=True)
    ]
    return np.sum(matrices, axis=0).tolist()


def _class_rows(best_single: _Row, fused: _Row, test_sets: Sequence[Predictions]) -> list[dict[str, Any]]:
    """Return the mean accuracy of every class over the splits that test it; ``n`` counts clips of all splits."""
    classes = test_sets[0].classes
    num_samples = np.sum([np.bincount(test.labels, minlength=len(classes)) for test in test_sets], axis=0)

    single_accuracies = _class_accuracies(best_single, test_sets).tolist()
    fused_accuracies = _class_accuracies(fused, test_sets).tolist()
    rows = []
    for index in np.flatnonzero(num_samples).tolist():
        of_single = single_accuracies[index]
        of_all = fused_accuracies[index]
        row = {"class": classes[index], "n": int(num_samples[index]), "best_single": of_single, FUSED: of_all}
        rows.append({**row, "gain": of_all - of_single})
    return rows


def _class_accuracies(row: _Row, test_sets: Sequence[Predictions]) -> np.ndarray:
    """Return the mean accuracy of every class over the splits that test it, ``[K]``; NaN where none does."""
    pairs = zip(row.candidates, test_sets, strict=True)
    by_split = [class_accuracy(test.labels, candidate.predicted, len(test.classes)) for candidate, test in pairs]
    num_tested = (~np.isnan(by_split)).sum(axis=0)
    mean = np.full(len(num_tested), np.nan)
    return np.divide(np.nansum(by_split, axis=0), num_tested, out=mean, where=num_tested > 0)


def _check_splits(splits: Mapping[str, SplitAblation]) -> None:
    if len(splits) < 2:
        fail("splits of a joint ablation", "be two or more", shorten(splits))
    protocols = list(splits)
    if are_folds_of_one(protocols):
        cure = "join their predictions first: triad aggregate TEST... --out"
        fail("splits of a joint ablation", "be no folds, which are one test set", shorten(protocols), cure)
    first_name, *names = protocols
    first = splits[first_name].test
    for name in names:
        test = splits[name].test
        for subject, expected, actual in (
            ("streams", first.streams, test.streams),
            ("classes", first.classes, test.classes),
            ("dataset", first.meta.get("dataset"), test.meta.get("dataset")),
        ):
            if actual != expected:
                fail(f"{subject} of {name}", f"be those of {first_name}, {expected}", actual)
