"""Runs of one protocol that differ in their seed only: grouping of their files, and the spread over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

from triad.fusion.predictions import Predictions, align_classes
from triad.modalities.checks import fail


def group_runs_by_origin(members: Sequence[Predictions], *, subject: str) -> dict[str, list[Predictions]]:
    """Group predictions by the protocol in their ``meta`` and, where a stream was trained repeatedly, by seed.

    Classes are matched by name. A group is named after its protocol, and its seed where there are several:
    ``cross_view, seed 1``. Files without a protocol go with the only one there is, which is ``""`` where no file names
    one.

    Args:
        members: predictions of one or more streams, protocols and seeds.
        subject: name of the predictions in the message, as ``"test predictions"``.

    Raises:
        InputError: If classes have other names, there are several protocols and a file names none, or seeds differ in
            their streams.
    """
    members = align_classes(members, subject=f"{subject}, file")
    groups: dict[str, list[Predictions]] = {}
    for protocol, of_protocol in _group_by_protocol(members, subject).items():
        by_seed = _group_by_seed(of_protocol, f"{subject} of {protocol}" if protocol else subject)
        for seed, of_seed in by_seed.items():
            names = [name for name in (protocol, f"seed {seed}" if len(by_seed) > 1 else "") if name]
            groups[", ".join(names)] = of_seed
    return groups


def averaged_over(tests: Mapping[str, Predictions]) -> str:
    """Return what a mean over runs is over: ``splits``, ``seeds`` or ``splits and seeds``.

    Args:
        tests: test predictions of every run, by name.
    """
    names_by_seed = _names_by_seed(tests)
    if not names_by_seed:
        return "splits"
    return "seeds" if len(names_by_seed) == len(tests) else "splits and seeds"


def sd_over_seeds(tests: Mapping[str, Predictions], values: Mapping[str, float]) -> float | None:
    """Return the standard deviation over seeds of the mean over splits; None where no split is repeated.

    Args:
        tests: test predictions of every run, by name.
        values: figure of every run, by name.
    """
    names_by_seed = _names_by_seed(tests)
    if not names_by_seed:
        return None
    return stdev(fmean(values[name] for name in names) for names in names_by_seed.values())


def _group_by_protocol(members: Sequence[Predictions], subject: str) -> dict[str, list[Predictions]]:
    protocols = sorted({str(member.meta["protocol"]) for member in members if member.meta.get("protocol")})
    if len(protocols) < 2:
        return {protocols[0] if protocols else "": list(members)}
    groups: dict[str, list[Predictions]] = {protocol: [] for protocol in protocols}
    for number, member in enumerate(members, start=1):
        if not member.meta.get("protocol"):
            fail(f"file {number} of the {subject}", f"name its protocol, one of {', '.join(protocols)}", "none")
        groups[str(member.meta["protocol"])].append(member)
    return groups


def _group_by_seed(members: Sequence[Predictions], subject: str) -> dict[Any, list[Predictions]]:
    """Divide the runs of one protocol by seed; streams with different seeds that occur once stay together."""
    streams = [stream for member in members for stream in member.streams]
    by_seed: dict[Any, list[Predictions]] = {}
    for member in members:
        by_seed.setdefault(member.meta.get("seed"), []).append(member)
    if len(set(streams)) == len(streams) or len(by_seed) == 1:
        return {None: list(members)}
    streams_by_seed = {seed: sorted(name for run in runs for name in run.streams) for seed, runs in by_seed.items()}
    first_seed = min(by_seed, key=str)
    for seed, of_seed in streams_by_seed.items():
        if of_seed != streams_by_seed[first_seed]:
            must = f"have the streams of seed {first_seed}, {', '.join(streams_by_seed[first_seed])}"
            fail(f"seed {seed} of the {subject}", must, ", ".join(of_seed), "give every stream once for every seed")
    return {seed: by_seed[seed] for seed in sorted(by_seed, key=str)}


def _names_by_seed(tests: Mapping[str, Predictions]) -> dict[Any, list[str]]:
    """Return the names of the runs of every seed; empty where the seeds do not repeat the same splits."""
    names_by_seed: dict[Any, list[str]] = {}
    for name, test in tests.items():
        names_by_seed.setdefault(test.meta.get("seed"), []).append(name)
    splits = [sorted(str(tests[name].meta.get("protocol")) for name in names) for names in names_by_seed.values()]
    return names_by_seed if len(splits) > 1 and all(of_seed == splits[0] for of_seed in splits) else {}
