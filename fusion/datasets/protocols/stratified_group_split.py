"""Assignment of groups of records to splits so that every class is spread over all of them.

The groups of rare classes come first, after Sechidis et al. 2011, On the Stratification of Multi-label Data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from triad.modalities.seeding import derive_seed

MAX_TRIALS = 200
"""Groups that are tried where a class lacks a split."""


def stratified_group_split(
    groups: Sequence[str], classes: Sequence[str], *, shares: Mapping[str, float]
) -> dict[str, str]:
    """Return ``{group: split}``; the result depends on the names of groups and classes, not on their order.

    Args:
        groups: group of each record.
        classes: class of each record.
        shares: ``{split: share of the records}``; a class with fewer groups than splits has some in the first split.
    """
    class_counts: dict[str, Counter[str]] = defaultdict(Counter)  # {group: {class: records}}
    for group, name in zip(groups, classes, strict=True):
        class_counts[group][name] += 1
    groups_of_class: dict[str, list[str]] = defaultdict(list)
    for group in sorted(class_counts, key=lambda group: (derive_seed("own", group), group)):
        for name in class_counts[group]:
            groups_of_class[name].append(group)
    class_totals = Counter(classes)
    split_counts: dict[str, Counter[str]] = {split: Counter() for split in shares}  # {split: {class: records}}
    split_of: dict[str, str] = {}
    for name in sorted(groups_of_class, key=lambda name: (len(groups_of_class[name]), name)):
        for group in groups_of_class[name]:
            if group in split_of:
                continue

            def demand(split: str, name: str = name) -> tuple[float, float]:
                """Records that a split lacks, of this class and of all, the more important first."""
                of_all = shares[split] * len(groups) - split_counts[split].total()
                of_class = shares[split] * class_totals[name] - split_counts[split][name]
                return (of_class, of_all) if len(groups_of_class[name]) >= len(shares) else (of_all, of_class)

            split_of[group] = max(_candidate_splits(split_counts, name, len(groups_of_class[name])), key=demand)
            split_counts[split_of[group]] += class_counts[group]
    _repair(split_of, class_counts, groups_of_class, tuple(shares))
    return split_of


def _candidate_splits(split_counts: Mapping[str, Counter[str]], name: str, num_groups: int) -> list[str]:
    """Return the splits for the next group of a class with that many groups: those that lack the class come first."""
    first, *others = split_counts
    lacking = [split for split in split_counts if not split_counts[split][name]]
    if num_groups >= len(split_counts):
        return lacking or list(split_counts)
    if num_groups == 1 or first in lacking:
        return [first]
    return others


def _repair(
    split_of: dict[str, str],
    class_counts: Mapping[str, Counter[str]],
    groups_of_class: Mapping[str, Sequence[str]],
    splits: Sequence[str],
) -> None:
    """Where a class lacks a split, move a group there or swap two groups, if fewer classes then lack one."""
    num_groups: Counter[tuple[str, str]] = Counter()  # {(class, split): groups}
    for group, split in split_of.items():
        num_groups.update((name, split) for name in class_counts[group])

    def move(group: str, split: str) -> None:
        num_groups.subtract((name, split_of[group]) for name in class_counts[group])
        num_groups.update((name, split) for name in class_counts[group])
        split_of[group] = split

    def count_lacking(names: set[str]) -> int:
        large = [name for name in names if len(groups_of_class[name]) >= len(splits)]
        return sum(not num_groups[name, split] for name in large for split in splits)

    for name in sorted(groups_of_class):
        for split in splits:
            if num_groups[name, split] or len(groups_of_class[name]) < len(splits):
                continue
            for group in groups_of_class[name][:MAX_TRIALS]:
                old_split = split_of[group]
                partners = [None, *[partner for partner in split_of if split_of[partner] == split][:MAX_TRIALS]]
                for partner in partners:
                    touched_classes = {*class_counts[group], *(class_counts[partner] if partner else ())}
                    before = count_lacking(touched_classes)
                    move(group, split)
                    if partner:
                        move(partner, old_split)
                    if count_lacking(touched_classes) < before:
                        break
                    move(group, old_split)
                    if partner:
                        move(partner, split)
                else:
                    continue
                break
