"""Aggregation of several runs of one experiment: folds become one test set, and runs are grouped by seed and split.

A protocol named ``family:fold`` (``leave_one_out:s3``) is a fold. The test sets of all folds are disjoint and form one
test set. Other protocols of one dataset (``split1``, ``split2``) are splits, whose test sets may overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.predictions import Predictions, align_classes, common_metadata
from triad.modalities.checks import fail, shorten

RunsBySeed = dict[Any, dict[str, Predictions]]
"""``{seed: {protocol: predictions}}``, seeds and protocols sorted by name."""


def aggregate_folds(folds: Sequence[Predictions]) -> Predictions:
    """Join the test samples of all folds into one test set, sorted by id.

    Features are dropped, because those of different networks are not comparable.

    Raises:
        InputError: If a sample is in two folds (naming the first), or classes, dataset, streams or kinds differ.
    """
    if not folds:
        fail("folds to aggregate", "be at least one", "none")
    folds = align_classes(folds)
    for number, fold in enumerate(folds[1:], start=2):
        _check_same_setup(folds[0], fold, number)
    ids = np.concatenate([fold.ids for fold in folds])
    order = np.argsort(ids, kind="stable")
    _check_disjoint_folds(folds, ids[order], order)

    def concatenate(arrays: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
        shared_names = [name for name in arrays[0] if all(name in by_name for by_name in arrays)]
        return {name: np.concatenate([by_name[name] for by_name in arrays]) for name in shared_names}

    spans = [fold.spans for fold in folds if fold.spans is not None]
    families = {_family(fold) for fold in folds}
    meta = common_metadata([fold.meta for fold in folds])
    meta["folds"] = {_protocol(fold): {**fold.meta, "num": len(fold)} for fold in folds}
    if len(families) == 1:
        meta["protocol"] = families.pop()
    aggregated = Predictions(
        ids=ids,
        labels=np.concatenate([fold.labels for fold in folds]),
        classes=folds[0].classes,
        scores=concatenate([fold.scores for fold in folds]),
        kinds=folds[0].kinds,
        present=concatenate([fold.present for fold in folds]),
        spans=np.concatenate(spans) if len(spans) == len(folds) else None,
        groups=concatenate([fold.groups for fold in folds]),
        meta=meta,
    )
    return aggregated.select(order)


def group_runs(runs: Sequence[Predictions]) -> RunsBySeed:
    """Group predictions by the seed and the protocol in their ``meta``.

    Raises:
        InputError: If two have the same seed and protocol, seeds differ in their protocols or samples, a sample has two
            labels, or classes, dataset or streams differ.
    """
    if not runs:
        fail("predictions files", "be at least one", "none")
    runs = align_classes(runs)
    runs_by_seed: RunsBySeed = {}
    file_numbers: dict[tuple[Any, str], int] = {}
    labels: dict[str, int] = {}
    for number, run in enumerate(runs, start=1):
        run.check_labelled(f"predictions file {number}")
        _check_same_setup(runs[0], run, number)
        seed = run.meta.get("seed")
        protocol = _protocol(run)
        if (seed, protocol) in file_numbers:
            fail(
                f"predictions file {number}",
                f"be of another protocol or seed than file {file_numbers[seed, protocol]}",
                f"protocol '{protocol}', seed {seed} again",
                "test with the --seed that it was trained with, and give every file once",
            )
        file_numbers[seed, protocol] = number
        runs_by_seed.setdefault(seed, {})[protocol] = run
        for name, label in zip(run.ids.tolist(), run.labels.tolist(), strict=True):
            if labels.setdefault(name, label) != label:
                got = f"'{run.classes[label]}' for '{name}', not '{run.classes[labels[name]]}'"
                fail(f"labels of predictions file {number}", "be those of the files before", got)
    first_seed = next(iter(runs_by_seed))
    for seed in runs_by_seed:
        _check_same_samples(runs_by_seed, first_seed, seed)
    return {seed: dict(sorted(runs_by_seed[seed].items())) for seed in sorted(runs_by_seed, key=str)}


def aggregate_folds_by_seed(runs_by_seed: RunsBySeed) -> dict[Any, Predictions]:
    """Join the folds of every seed into one test set; returns ``{seed: predictions}``.

    Raises:
        InputError: If the protocols are not folds of one family, or share a sample.
    """
    protocols = list(next(iter(runs_by_seed.values())))
    if not are_folds_of_one(protocols):
        must = "be folds of one, as leave_one_out:s1 and leave_one_out:s2 are"
        fail("protocols to aggregate", must, shorten(protocols))
    return {seed: aggregate_folds(list(runs.values())) for seed, runs in runs_by_seed.items()}


def group_test_sets(runs_by_seed: RunsBySeed) -> RunsBySeed:
    """Return the test sets of each seed by name, samples sorted by id: the joined folds, or each split by itself."""
    if are_folds_of_one(list(next(iter(runs_by_seed.values())))):
        joined_by_seed = aggregate_folds_by_seed(runs_by_seed)
        return {seed: {_family(joined): joined} for seed, joined in joined_by_seed.items()}
    return {
        seed: {protocol: run.select(np.argsort(run.ids)) for protocol, run in runs.items()}
        for seed, runs in runs_by_seed.items()
    }


def are_folds_of_one(protocols: Sequence[str]) -> bool:
    """Return whether protocols are folds of one family, as ``leave_one_out:s1`` and ``leave_one_out:s2``."""
    return all(":" in name for name in protocols) and len({name.partition(":")[0] for name in protocols}) == 1


def _check_same_setup(first: Predictions, run: Predictions, number: int) -> None:
    for subject, expected, actual in (
        ("dataset", first.meta.get("dataset"), run.meta.get("dataset")),
        ("streams", sorted(first.scores), sorted(run.scores)),
        ("kinds of scores", dict(sorted(first.kinds.items())), dict(sorted(run.kinds.items()))),
    ):
        if actual != expected:
            fail(f"{subject} of predictions file {number}", f"be those of file 1, {expected}", actual)


def _check_disjoint_folds(folds: Sequence[Predictions], sorted_ids: np.ndarray, order: np.ndarray) -> None:
    duplicates = np.flatnonzero(sorted_ids[1:] == sorted_ids[:-1])
    if len(duplicates):
        fold_of_row = np.repeat(np.arange(len(folds)), [len(fold) for fold in folds])
        first, second = (_protocol(folds[fold_of_row[order[row]]]) for row in (duplicates[0], duplicates[0] + 1))
        got = f"'{sorted_ids[duplicates[0]]}' in both"
        cure = "give every fold once, and folds of one protocol"
        fail(f"fold '{second}'", f"share no sample with fold '{first}'", got, cure)


def _check_same_samples(runs_by_seed: RunsBySeed, first_seed: Any, seed: Any) -> None:
    first_runs = runs_by_seed[first_seed]
    runs = runs_by_seed[seed]
    if differing := sorted(set(first_runs) ^ set(runs)):
        got = f"'{differing[0]}' of one of them only"
        fail(f"protocols of seed {seed}", f"be those of seed {first_seed}", got)
    for protocol, first_run in first_runs.items():
        differing_ids = np.setxor1d(first_run.ids, runs[protocol].ids)
        if len(differing_ids):
            subject = f"samples of protocol '{protocol}', seed {seed}"
            fail(subject, f"be those of seed {first_seed}", f"'{differing_ids[0]}' in one of them only")


def _protocol(run: Predictions) -> str:
    return str(run.meta.get("protocol"))


def _family(run: Predictions) -> str:
    return _protocol(run).partition(":")[0]
