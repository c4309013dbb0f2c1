"""Folds of custom recordings: every clip is tested once, with its whole group."""

from __future__ import annotations

from collections import Counter

import pytest

from triad.fusion.datasets.custom.folds import assign_with_folds
from triad.modalities.checks import InputError


def make_clips(num_people: int = 7, **fields: str) -> list[dict]:
    return [
        {"id": f"{label}{person}{take}", "path": f"{label}/p{person}/{take}.mp4", "class": label, **fields}
        for label in ("drink", "eat", "sit")
        for person in range(num_people)
        for take in range(2)
    ]


def test_every_clip_is_tested_once():
    protocol, records, notes = assign_with_folds(make_clips(), 4)
    folds = [f"fold:{number}" for number in range(1, 5)]
    assert {tuple(record["official"]) for record in records} == {(protocol["name"], *folds)}
    assert protocol["names"] == [protocol["name"], *folds]
    for record in records:
        assert Counter(record["official"][fold] for fold in folds) == {"test": 1, "val": 1, "train": 2}
    for fold in folds:
        splits_of_person: dict[str, set[str]] = {}
        for record in records:
            splits_of_person.setdefault(record["path"].split("/")[1], set()).add(record["official"][fold])
        assert {len(splits) for splits in splits_of_person.values()} == {1}
        assert {record["official"][fold] for record in records} == {"train", "val", "test"}
    assert notes[-1] == "protocols fold:1 to fold:4: parts of 7 folders, each tested once"


def test_folds_are_of_names_alone():
    _, records, _ = assign_with_folds(make_clips(), 3)
    _, reordered, _ = assign_with_folds(make_clips()[::-1], 3)
    assert {record["id"]: record["official"] for record in records} == {
        record["id"]: record["official"] for record in reordered
    }


def test_no_folds_by_default():
    _, records, _ = assign_with_folds(make_clips(), 0)
    assert {len(record["official"]) for record in records} == {1}


@pytest.mark.parametrize(
    ("clips", "folds", "message"),
    [
        (make_clips(), 2, r"--folds must be 0, or 3 or more: .*, got 2"),
        (make_clips(1)[::2], 5, "--folds must be at most the number of clips, 3, got 5"),
        (make_clips(split="train"), 3, "clips with --folds must have no splits of their own, got train; leave out"),
    ],
)
def test_unfit_folds_are_refused(clips, folds, message):
    with pytest.raises(InputError, match=message):
        assign_with_folds(clips, folds)
