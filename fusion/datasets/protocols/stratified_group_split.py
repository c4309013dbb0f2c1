"""Dealing out groups of records to splits so that classes are spread evenly.

The groups of rare classes go first, after Sechidis et al. 2011, On the Stratification of Multi-label Data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from modalities.seeding import derive_seed

TRIED = 200
"""Groups that are tried where a class lacks a split."""


def stratified_group_split(
    groups: Sequence[str], classes: Sequence[str], *, shares: Mapping[str, float]
) -> dict[str, str]:
    """Deal out whole groups.

    Args:
        groups: of each record.
        classes: of each record.
        shares: ``{split: share of the records}``; a class with fewer groups than splits has some in the first split.

    Returns:
        ``{group: split}``.
    """
    held: dict[str, Counter[str]] = defaultdict(Counter)  # {group: {class: records}}
    for group, name in zip(groups, classes, strict=True):
        held[group][name] += 1
    order = sorted(held, key=lambda group: (derive_seed("own", group), group))
    of_class: dict[str, list[str]] = defaultdict(list)
    for group in order:
        for name in held[group]:
            of_class[name].append(group)
    totals = Counter(classes)
    got: dict[str, Counter[str]] = {split: Counter() for split in shares}
    dealt: dict[str, str] = {}
    for name in sorted(of_class, key=lambda name: (len(of_class[name]), name)):
        for group in of_class[name]:
            if group in dealt:
                continue

            def demand(split: str, name: str = name) -> tuple[float, float]:
                overall = shares[split] * len(groups) - got[split].total()
                own = shares[split] * totals[name] - got[split][name]
                return (own, overall) if len(of_class[name]) >= len(shares) else (overall, own)

            dealt[group] = max(_open(got, name, len(of_class[name])), key=demand)
            got[dealt[group]] += held[group]
    _mend(dealt, held, of_class, tuple(shares))
    return dealt


def _open(got: Mapping[str, Counter[str]], name: str, number: int) -> list[str]:
    """Splits that a class of that many groups is to have next: first those that lack it."""
    first, *others = got
    lacking = [split for split in got if not got[split][name]]
    if number >= len(got):
        return lacking or list(got)
    if number == 1 or first in lacking:
        return [first]
    return others


def _mend(
    dealt: dict[str, str],
    held: Mapping[str, Counter[str]],
    of_class: Mapping[str, Sequence[str]],
    splits: Sequence[str],
) -> None:
    """Where a class lacks a split, move a group there or swap two, if that helps on the whole."""
    count: Counter[tuple[str, str]] = Counter()
    for group, split in dealt.items():
        count.update((name, split) for name in held[group])

    def move(group: str, split: str) -> None:
        count.subtract((name, dealt[group]) for name in held[group])
        count.update((name, split) for name in held[group])
        dealt[group] = split

    def lacking(names: set[str]) -> int:
        return sum(not count[name, split] for name in names if len(of_class[name]) >= len(splits) for split in splits)

    for name in sorted(of_class):
        for split in splits:
            if count[name, split] or len(of_class[name]) < len(splits):
                continue
            for group in of_class[name][:TRIED]:
                home = dealt[group]
                others = [None, *[other for other in dealt if dealt[other] == split][:TRIED]]
                for other in others:
                    touched = {*held[group], *(held[other] if other else ())}
                    before = lacking(touched)
                    move(group, split)
                    if other:
                        move(other, home)
                    if lacking(touched) < before:
                        break
                    move(group, home)
                    if other:
                        move(other, split)
                else:
                    continue
                break
