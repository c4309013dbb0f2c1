"""Folds of custom recordings: every clip is tested once, with its whole subject or source, as few clips need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from triad.fusion.datasets import PrepareOption, stratified_group_split
from triad.fusion.datasets.custom.splits import GROUPINGS, assign_splits, choose_grouping
from triad.fusion.index import Record
from triad.modalities.checks import fail

FOLDS = PrepareOption(
    "folds", 0, "Also make the protocols fold:1 to fold:N, which together test every clip once; 0 makes none."
)
FAMILY = "fold"


def assign_with_folds(records: Sequence[Record], folds: int) -> tuple[dict[str, Any], list[Record], list[str]]:
    """Assign every record to a split, see :func:`assign_splits`, and under ``fold:1`` to ``fold:N`` too.

    Fold ``n`` tests the groups of part ``n`` and validates on those of the next part; equal names give equal folds.

    Args:
        records: records with ``class`` and ``path``, and maybe ``subject`` and ``split``.
        folds: number of folds; 0 for none.

    Raises:
        InputError: If there are fewer than three folds, fewer groups than folds, or some clips have splits already.
    """
    protocol, assigned, notes = assign_splits(records)
    if not folds:
        return protocol, assigned, notes
    if folds < 3:
        fail("--folds", "be 0, or 3 or more: one part tests, one validates, the others train", folds)
    if protocol["given"]:
        cure = "leave out the splits, or --folds"
        fail("clips with --folds", "have no splits of their own", ", ".join(protocol["given"]), cure)
    grouping = choose_grouping(records, folds)
    groups = [grouping.group_of(record) for record in records]
    if len(set(groups)) < folds:
        fail("--folds", f"be at most the number of {GROUPINGS[grouping.by]}, {len(set(groups))}", folds)
    numbers = [str(number) for number in range(1, folds + 1)]
    classes = [record["class"] for record in records]
    fold_of_group = stratified_group_split(groups, classes, shares=dict.fromkeys(numbers, 1 / folds))
    validating = dict(zip(numbers, [*numbers[1:], numbers[0]], strict=True))
    for record, group in zip(assigned, groups, strict=True):
        tested_in = fold_of_group[group]
        record["official"] |= {
            f"{FAMILY}:{fold}": "test" if tested_in == fold else "val" if tested_in == validating[fold] else "train"
            for fold in numbers
        }
    protocol["names"] = [protocol["name"], *(f"{FAMILY}:{fold}" for fold in numbers)]
    groups_text = f"{len(set(groups))} {GROUPINGS[grouping.by]}"
    note = f"protocols {FAMILY}:1 to {FAMILY}:{folds}: parts of {groups_text}, each tested once"
    return protocol, assigned, [*notes, note]
