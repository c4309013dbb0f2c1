"""Own recordings are divided by hash, in whole groups, every class into every split where it has groups enough."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from fusion.datasets import count_splits, get_protocol
from fusion.datasets.custom.splits import assign_splits, choose_grouping, group_of
from fusion.datasets.protocols import stratified_group_split

SHARES = {"train": 0.6, "val": 0.2, "test": 0.2}


def rows(*paths: str, **fields: str) -> list[dict]:
    return [{"id": path, "path": path, "class": path.split("/")[0], **fields} for path in paths]


def clips(label: str, number: int, name: str = "{label}/{n}.mp4") -> list[dict]:
    return rows(*(name.format(label=label, n=n) for n in range(number)))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, {"train": 1}),
        (2, {"train": 1, "val": 1}),
        (3, {"train": 1, "val": 1, "test": 1}),
        (4, {"train": 2, "val": 1, "test": 1}),
        (5, {"train": 3, "val": 1, "test": 1}),
        (10, {"train": 6, "val": 2, "test": 2}),
        (100, {"train": 60, "val": 20, "test": 20}),
    ],
)
def test_one_class_of_so_many_groups(number, expected):
    groups = [f"g{n}" for n in range(number)]
    assert Counter(stratified_group_split(groups, ["a"] * number, shares=SHARES).values()) == expected


def test_groups_are_never_torn_and_their_order_does_not_matter():
    groups = [f"s{n % 7}" for n in range(70)]
    classes = [f"c{n % 5}" for n in range(70)]
    dealt = stratified_group_split(groups, classes, shares=SHARES)
    assert set(dealt) == {f"s{n}" for n in range(7)}
    assert stratified_group_split(groups[::-1], classes[::-1], shares=SHARES) == dealt
    assert sorted(Counter(dealt.values()).items()) == [("test", 1), ("train", 4), ("val", 2)]


def test_two_classes_of_two_groups_fill_both_small_splits():
    dealt = stratified_group_split(["a1", "a2", "b1", "b2"], ["a", "a", "b", "b"], shares=SHARES)
    assert Counter(dealt.values()) == {"train": 2, "val": 1, "test": 1}


@pytest.mark.parametrize("seed", range(20))
def test_people_who_do_some_of_the_classes_leave_no_class_without_a_split(seed):
    rng = np.random.default_rng(seed)
    done = [(f"p{p}", f"c{c}") for p in range(12) for c in range(8) if rng.random() < 0.6]
    dealt = stratified_group_split([p for p, _ in done], [c for _, c in done], shares=SHARES)
    for name in {c for _, c in done}:
        people = {p for p, c in done if c == name}
        if len(people) >= 3:
            assert {dealt[p] for p in people} == set(SHARES), name


def test_what_no_division_can_give_is_given_as_far_as_it_can_be():
    # each class has three of four people, of whom two must share a split: the two classes that have both lack one
    done = [(p, "".join(trio)) for trio in ("pqr", "pqs", "prs", "qrs") for p in trio]
    dealt = stratified_group_split([p for p, _ in done], [c for _, c in done], shares=SHARES)
    lacking = [c for c in {c for _, c in done} if len({dealt[p] for p in c}) < 3]
    assert len(lacking) == 2


def test_what_clips_of_one_source_share():
    row = {"class": "drink", "path": "drink/anna/take 2/clip (3).mp4", "subject": "P1"}
    assert [group_of(row, by) for by in ("subject", "folder", "stem", "clip")] == [
        "P1",
        "anna/take 2",
        "clip",
        "drink/anna/take 2/clip (3).mp4",
    ]
    assert group_of({"class": "drink", "path": "drink/kitchen_01.mp4"}, "folder") == "kitchen"
    assert group_of({"class": "drink", "path": "drink/07.mp4"}, "stem") == "drink/07.mp4"  # a number is no source
    assert group_of({"class": "Tür", "path": "Tu\u0308r/x/1.mp4"}, "folder") == "x"  # as macOS writes it


@pytest.mark.parametrize(
    ("records", "by"),
    [
        (clips("a", 6) + clips("b", 6), "clip"),  # all of one source, which is none
        (clips("a", 6, "{label}/clip {n}.mp4") + clips("b", 6, "{label}/clip {n}.mp4"), "clip"),
        (clips("a", 6, "{label}/p{n}/1.mp4") + clips("b", 6, "{label}/p{n}/1.mp4"), "folder"),
        (clips("a", 6, "{label}/film{n}x_01.mp4") + clips("b", 6, "{label}/film{n}x_01.mp4"), "stem"),
        (clips("a", 6, "{label}/hd/film{n}x_01.mp4") + clips("b", 6, "{label}/hd/film{n}x_01.mp4"), "stem"),
        (clips("a", 6) + clips("b", 6) + rows("a/door.mp4", "b/window.mp4"), "clip"),  # no two share a name
        (clips("a", 9, "{label}/p{n}/1.mp4") + clips("b", 1), "folder"),  # too small a class does not count
    ],
)
def test_the_largest_unit_that_most_classes_have_enough_of(records, by):
    assert choose_grouping(records, 3)[0] == by


def test_a_class_of_numbered_clips_beside_named_ones_is_tested_too():
    """All of 1.mp4, 2.mp4 … were taken as one source, so that a class of them had nothing in val and test."""
    films = [row for name in "ab" for n in range(3) for row in clips(name, 4, f"{{label}}/film{n}x_{{n}}.mp4")]
    said, divided, notes = assign_splits(films + clips("c", 12))
    assert said["by"] == "stem"
    assert {row["official"]["split1"] for row in divided if row["class"] == "c"} == {"train", "val", "test"}
    assert len(notes) == 1


def test_people_are_held_out_where_there_are_enough_and_else_it_is_said():
    records = [{**row, "subject": f"P{n % 4}"} for n, row in enumerate(clips("a", 8) + clips("b", 8))]
    said, divided, notes = assign_splits(records)
    assert (said["name"], said["by"], said["groups"]) == ("cross_subject", "subject", 4)
    assert len({(row["subject"], row["official"]["cross_subject"]) for row in divided}) == 4
    assert notes == ["protocol cross_subject: val and test carved out by subject, 20% each, by a hash of the names "
                     "(4 subjects)"]  # fmt: skip
    said, divided, notes = assign_splits([{**row, "subject": f"P{n % 2}"} for n, row in enumerate(records)])
    assert (said["name"], said["by"]) == ("split1", "clip")
    assert notes[1] == "2 subjects are too few to hold some out: most classes need 3"


def test_splits_that_are_given_stay_and_the_missing_one_comes_out_of_train():
    records = [{**row, "split": "test" if n % 4 == 0 else "train"} for n, row in enumerate(clips("a", 20))]
    said, divided, _ = assign_splits(records)
    assert said == {
        "name": "split1",
        "given": ["train", "test"],
        "carved": ["val"],
        "by": "clip",
        "groups": 15,
        "shares": {"train": 0.8, "val": 0.2},
    }
    assert count_splits(divided, "folder") == {"split1": {"train": 12, "val": 3, "test": 5}}
    assert all(row["official"]["split1"] == "test" for row in divided[::4])
    assert "split" not in divided[0]
    full = [{**row, "split": ("train", "val", "test")[n % 3]} for n, row in enumerate(clips("a", 6))]
    said, divided, notes = assign_splits(full)
    assert said == {"name": "split1", "given": ["train", "val", "test"], "carved": []}
    assert [row["official"]["split1"] for row in divided] == ["train", "val", "test"] * 2
    assert notes[0] == "protocol split1: splits as given"


def test_small_classes_and_empty_splits_are_said():
    _, divided, notes = assign_splits(clips("a", 6) + clips("b", 2) + clips("c", 1))
    there = {row["official"]["split1"] for row in divided if row["class"] == "b"}
    lacking = ({"val", "test"} - there).pop()
    assert "train" in there
    assert notes[2:] == [f"class 'b' is small (clips: 2): none in {lacking}",
                         "class 'c' is small (clips: 1): none in val or test"]  # fmt: skip
    assert assign_splits(clips("a", 1))[2][-3:] == [
        "val is empty: there are too few clips to fill it",
        "test is empty: there are too few clips to fill it",
        "there is one class, 'a': a model of it has nothing to tell apart",
    ]


def test_only_the_protocol_that_was_made_is_counted_and_it_says_what_was_written():
    _, divided, _ = assign_splits(clips("a", 5))
    assert list(count_splits(divided, "table")) == ["split1"]
    protocol = get_protocol("table", "cross_subject")
    assert {protocol(row) for row in divided} == {None}
