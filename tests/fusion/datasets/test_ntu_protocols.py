"""NTU RGB+D: the lists of missing skeletons, and the splits that agree with the published counts."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import pytest

from triad.fusion.datasets import get_dataset
from triad.fusion.datasets.ntu import EDITION_60, EDITION_120, PATTERN, class_names, is_in_edition, missing_skeletons

ALL = {  # clips of train and test before the missing ones are left out, as published
    ("ntu60", "cross_subject"): (40320, 16560),
    ("ntu60", "cross_view"): (37920, 18960),
    ("ntu120", "cross_subject"): (63360, 51120),
    ("ntu120", "cross_setup"): (54720, 59760),
}


def fields_of(name: str) -> dict[str, str]:
    matched = re.fullmatch(PATTERN, name)
    assert matched is not None
    return matched.groupdict()


def digest(names) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def test_missing_lists_are_published_ones():
    larger = missing_skeletons()
    smaller = {name for name in larger if is_in_edition(fields_of(name), EDITION_60)}
    assert (len(smaller), digest(smaller)) == (302, "3ff503429ae912d9")
    assert (len(larger), digest(larger)) == (535, "58d30a6fdf262ab9")
    assert all(is_in_edition(fields_of(name), EDITION_120) for name in larger)


@pytest.mark.parametrize(("dataset", "name"), list(ALL))
def test_missing_clips_agree_with_published_counts(dataset, name):
    """Published with them less published without them, so that every subject, camera and setup is checked by names."""
    edition = EDITION_60 if dataset == "ntu60" else EDITION_120
    protocol = get_dataset(dataset).protocols[name]
    counts = Counter(
        protocol(fields) for fields in map(fields_of, missing_skeletons()) if is_in_edition(fields, edition)
    )
    train, test = ALL[dataset, name]
    published = get_dataset(dataset).published_counts[name]
    assert counts["train"] + counts["val"] == train - published["train+val"]
    assert counts["test"] == test - published["test"]
    assert counts[None] == 0


@pytest.mark.parametrize(
    ("dataset", "name", "field", "sizes"),
    [
        ("ntu60", "cross_subject", "P", (17, 3, 20)),
        ("ntu60", "cross_view", "C", (1, 1, 1)),
        ("ntu120", "cross_subject", "P", (45, 8, 53)),
        ("ntu120", "cross_setup", "S", (14, 2, 16)),
    ],
)
def test_splits_hold_out_whole_groups(dataset, name, field, sizes):
    protocol, key = get_dataset(dataset).protocols[name], {"P": "subject", "C": "camera", "S": "setup"}[field]
    split_sizes = Counter(protocol({key: f"{field}{number:03d}"}) for number in range(200))
    assert (split_sizes["train"], split_sizes["val"], split_sizes["test"]) == sizes
    assert split_sizes[None] == 200 - sum(sizes)


def test_class_names():
    names = class_names()
    assert len(set(names)) == 120
    assert (names[0], names[59], names[60], names[119]) == (
        *("drink water", "walking apart from each other", "put on headphone"),
        "finger-guessing game (playing rock-paper-scissors)",
    )
