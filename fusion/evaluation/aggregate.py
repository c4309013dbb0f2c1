"""Several runs of one experiment as one figure: folds are pooled, official splits and seeds are averaged.

A protocol named ``family:fold`` (``leave_one_out:s3``) is a fold: its test sets are disjoint and together one test set,
on which accuracy is measured once. Other protocols of one dataset (``split1``, ``split2``) are splits, whose accuracies
are averaged as their authors do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

import numpy as np

from fusion.predictions import Predictions, choose_stream, common_metadata, compute_stream_metrics
from modalities.checks import fail

FIGURES = ("mean_class_accuracy", "top1", "top5")

Runs = dict[Any, dict[str, Predictions]]
"""``{seed: {protocol: predictions}}``, seeds and protocols in order of their names."""


def pool_folds(folds: Sequence[Predictions]) -> Predictions:
    """The test samples of all folds in one, sorted by id.

    Features are left out: every fold has a network of its own, and its features mean nothing to another's.

    Raises:
        InputError: if a sample is in two folds (naming the first), or classes, dataset, streams or kinds differ.
    """
    if not folds:
        fail("folds to pool", "be at least one", "none")
    for number, part in enumerate(folds[1:], start=2):
        _check_alike(folds[0], part, number)
    ids = np.concatenate([part.ids for part in folds])
    fold_of = np.repeat(np.arange(len(folds)), [len(part) for part in folds])
    order = np.argsort(ids, kind="stable")
    again = np.flatnonzero(ids[order][1:] == ids[order][:-1])
    if len(again):
        first, second = (_protocol(folds[fold_of[order[place]]]) for place in (again[0], again[0] + 1))
        cure = "give every fold once, and folds of one protocol"
        fail(f"fold '{second}'", f"share no sample with fold '{first}'", f"'{ids[order][again[0]]}' in both", cure)

    def every(arrays: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
        shared = [name for name in arrays[0] if all(name in each for each in arrays)]
        return {name: np.concatenate([each[name] for each in arrays]) for name in shared}

    spans = [part.spans for part in folds if part.spans is not None]
    families = {_family(part) for part in folds}
    meta = common_metadata([part.meta for part in folds])
    meta["folds"] = {_protocol(part): {**part.meta, "num": len(part)} for part in folds}
    if len(families) == 1:
        meta["protocol"] = families.pop()
    pooled = Predictions(
        ids=ids,
        labels=np.concatenate([part.labels for part in folds]),
        classes=folds[0].classes,
        scores=every([part.scores for part in folds]),
        kinds=folds[0].kinds,
        present=every([part.present for part in folds]),
        spans=np.concatenate(spans) if len(spans) == len(folds) else None,
        groups=every([part.groups for part in folds]),
        meta=meta,
    )
    return pooled.select(order)


def group_runs(parts: Sequence[Predictions]) -> Runs:
    """Which file is of which seed and protocol.

    Raises:
        InputError: if two are of the same, seeds have other protocols or samples than each other, a sample has two
            labels, or classes, dataset or streams differ.
    """
    if not parts:
        fail("predictions files", "be at least one", "none")
    runs: Runs = {}
    file_of: dict[tuple[Any, str], int] = {}
    labels: dict[str, int] = {}
    for number, part in enumerate(parts, start=1):
        part.check_labelled(f"predictions file {number}")
        _check_alike(parts[0], part, number)
        key = part.meta.get("seed"), _protocol(part)
        if key in file_of:
            cure = "test with the --seed that it was trained with, and give every file once"
            what = f"protocol '{key[1]}', seed {key[0]} again"
            fail(f"predictions file {number}", f"be of another protocol or seed than file {file_of[key]}", what, cure)
        file_of[key] = number
        runs.setdefault(key[0], {})[key[1]] = part
        for name, label in zip(part.ids.tolist(), part.labels.tolist(), strict=True):
            if labels.setdefault(name, label) != label:
                both = f"'{part.classes[label]}' for '{name}', not '{part.classes[labels[name]]}'"
                fail(f"labels of predictions file {number}", "be those of the files before", both)
    first, *others = runs
    for seed in others:
        _check_same_samples(runs[first], runs[seed], first, seed)
    return {seed: dict(sorted(runs[seed].items())) for seed in sorted(runs, key=str)}


def pooled_runs(runs: Runs) -> dict[Any, Predictions]:
    """The folds of every seed as one test set; ``{seed: predictions}``.

    Raises:
        InputError: if the protocols are no folds of one family, or share a sample.
    """
    protocols = list(next(iter(runs.values())))
    if not _are_folds(protocols):
        fail("protocols to pool", "be folds of one, as leave_one_out:s1 and leave_one_out:s2 are", ", ".join(protocols))
    return {seed: pool_folds(list(parts.values())) for seed, parts in runs.items()}


def summarise(parts: Sequence[Predictions], *, stream: str | None = None) -> dict[str, Any]:
    """Every run, every seed, and the mean over seeds with its standard deviation; JSON values.

    The figure of a seed is that of its pooled folds (``mean_of_folds`` beside it, as some authors quote), or the mean
    over its splits. ``ci95`` is there where the figure is measured on one set of samples: one seed of folds, or of one
    protocol.

    Args:
        parts: predictions of test splits.
        stream: what is judged; None takes ``fused``, or the only one.

    Raises:
        InputError: if the files do not fit each other, see :func:`group_runs`, or the stream is not told.
    """
    runs = group_runs(parts)
    stream = choose_stream(parts[0], stream)
    protocols = list(next(iter(runs.values())))
    folds = _are_folds(protocols)
    rows = {
        seed: [
            {"protocol": name, "seed": seed, "num_test": len(part), **compute_stream_metrics(part, stream)}
            for name, part in of.items()
        ]
        for seed, of in runs.items()
    }
    if folds:
        seeds = [
            {
                "seed": seed,
                "num_test": len(pooled),
                **compute_stream_metrics(pooled, stream),
                "mean_of_folds": _means(rows[seed]),
            }
            for seed, pooled in pooled_runs(runs).items()
        ]
    elif len(protocols) == 1:
        seeds = [of_seed[0] for of_seed in rows.values()]
    else:
        seeds = [{"seed": seed, **_means(of_seed)} for seed, of_seed in rows.items()]
    several = len(seeds) > 1
    return {
        "dataset": parts[0].meta.get("dataset"),
        "protocols": protocols,
        "kind": "folds" if folds else "splits" if len(protocols) > 1 else "one",
        "stream": stream,
        "rows": [row for of_seed in rows.values() for row in of_seed],
        "seeds": seeds,
        **_means(seeds),
        "sd": {name: stdev(each[name] for each in seeds) for name in FIGURES} if several else None,
        **({} if several else {name: seeds[0][name] for name in ("ci95", "ci95_over") if name in seeds[0]}),
    }


def _means(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {name: fmean(row[name] for row in rows) for name in FIGURES}


def _check_alike(first: Predictions, part: Predictions, number: int) -> None:
    pairs = {
        "classes": (first.classes, part.classes),
        "dataset": (first.meta.get("dataset"), part.meta.get("dataset")),
        "streams": (sorted(first.scores), sorted(part.scores)),
        "kinds of scores": (dict(sorted(first.kinds.items())), dict(sorted(part.kinds.items()))),
    }
    for what, (ours, theirs) in pairs.items():
        if ours != theirs:
            fail(f"{what} of predictions file {number}", f"be those of file 1, {ours}", theirs)


def _check_same_samples(ours: dict[str, Predictions], theirs: dict[str, Predictions], first: Any, seed: Any) -> None:
    if lacking := sorted(set(ours) ^ set(theirs)):
        fail(f"protocols of seed {seed}", f"be those of seed {first}", f"'{lacking[0]}' of one of them only")
    for protocol, part in ours.items():
        differing = np.setxor1d(part.ids, theirs[protocol].ids)
        if len(differing):
            subject = f"samples of protocol '{protocol}', seed {seed}"
            fail(subject, f"be those of seed {first}", f"'{differing[0]}' in one of them only")


def _protocol(part: Predictions) -> str:
    return str(part.meta.get("protocol"))


def _family(part: Predictions) -> str:
    return _protocol(part).partition(":")[0]


def _are_folds(protocols: Sequence[str]) -> bool:
    return all(":" in name for name in protocols) and len({name.partition(":")[0] for name in protocols}) == 1
