"""Groups are assigned whole, and every class with enough groups gets all splits."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from triad.fusion.datasets.protocols import stratified_group_split

SHARES = {"train": 0.6, "val": 0.2, "test": 0.2}


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
def test_sizes_for_one_class(number, expected):
    groups = [f"g{n}" for n in range(number)]
    assert Counter(stratified_group_split(groups, ["a"] * number, shares=SHARES).values()) == expected


def test_order_of_records_does_not_matter():
    groups = [f"s{n % 7}" for n in range(70)]
    classes = [f"c{n % 5}" for n in range(70)]
    split_of_group = stratified_group_split(groups, classes, shares=SHARES)
    assert set(split_of_group) == {f"s{n}" for n in range(7)}
    assert stratified_group_split(groups[::-1], classes[::-1], shares=SHARES) == split_of_group
    assert sorted(Counter(split_of_group.values()).items()) == [("test", 1), ("train", 4), ("val", 2)]


def test_small_classes_fill_both_small_splits():
    split_of_group = stratified_group_split(["a1", "a2", "b1", "b2"], ["a", "a", "b", "b"], shares=SHARES)
    assert Counter(split_of_group.values()) == {"train": 2, "val": 1, "test": 1}


@pytest.mark.parametrize("seed", range(20))
def test_large_classes_get_all_splits(seed):
    rng = np.random.default_rng(seed)
    performed = [(f"p{p}", f"c{c}") for p in range(12) for c in range(8) if rng.random() < 0.6]
    split_of_group = stratified_group_split([p for p, _ in performed], [c for _, c in performed], shares=SHARES)
    for name in {c for _, c in performed}:
        people = {p for p, c in performed if c == name}
        if len(people) >= 3:
            assert {split_of_group[p] for p in people} == set(SHARES), name


def test_impossible_division_is_approximated():
    # each class has three of four people, of whom two must share a split: the two classes that have both lack one
    performed = [(p, "".join(trio)) for trio in ("pqr", "pqs", "prs", "qrs") for p in trio]
    split_of_group = stratified_group_split([p for p, _ in performed], [c for _, c in performed], shares=SHARES)
    lacking = [c for c in {c for _, c in performed} if len({split_of_group[p] for p in c}) < 3]
    assert len(lacking) == 2
