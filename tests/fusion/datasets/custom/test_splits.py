"""Custom recordings are split by hash in whole groups, and every class with enough groups is in every split."""

from __future__ import annotations

import pytest

from triad.fusion.datasets import count_splits, get_protocol
from triad.fusion.datasets.custom.splits import Grouping, assign_splits, choose_grouping


def make_records(*paths: str, **fields: str) -> list[dict]:
    return [{"id": path, "path": path, "class": path.split("/")[0], **fields} for path in paths]


def make_clips(label: str, number: int, name: str = "{label}/{n}.mp4") -> list[dict]:
    return make_records(*(name.format(label=label, n=n) for n in range(number)))


def test_group_of_record():
    row = {"class": "drink", "path": "drink/anna/take 2/clip (3).mp4", "subject": "P1"}
    assert [Grouping(by).group_of(row) for by in ("subject", "folder", "clip")] == [
        "P1",
        "anna/take 2",
        "drink/anna/take 2/clip (3).mp4",
    ]
    assert Grouping("folder").group_of({"class": "Tür", "path": "Tu\u0308r/x/1.mp4"}) == "x"  # as macOS writes it
    assert Grouping("folder").group_of({"class": "eat", "path": "Train/eat/x/1.mp4"}) == "x"
    assert Grouping("folder").group_of({"class": "eat", "path": "eat/1.mp4"}) == "eat/1.mp4"


@pytest.mark.parametrize(
    ("records", "by"),
    [
        (make_clips("a", 6) + make_clips("b", 6), "clip"),  # all in one group, which is none
        (make_clips("a", 6, "{label}/clip {n}.mp4") + make_clips("b", 6, "{label}/clip {n}.mp4"), "clip"),
        (make_clips("a", 6, "{label}/p{n}/1.mp4") + make_clips("b", 6, "{label}/p{n}/1.mp4"), "folder"),
        (make_clips("a", 6, "{label}/film{n}x_01.mp4") + make_clips("b", 6, "{label}/film{n}x_01.mp4"), "name"),
        (make_clips("a", 6, "{label}/hd/film{n}x_01.mp4") + make_clips("b", 6, "{label}/hd/film{n}x_01.mp4"), "name"),
        (
            make_clips("a", 6) + make_clips("b", 6) + make_records("a/door.mp4", "b/window.mp4"),
            "clip",
        ),  # no two share a name
        (make_clips("a", 9, "{label}/p{n}/1.mp4") + make_clips("b", 1), "folder"),  # too small a class does not count
    ],
)
def test_choice_of_grouping(records, by):
    assert choose_grouping(records, 3).by == by


def test_numbered_clips_are_groups_themselves():
    """As one group, a class of 1.mp4, 2.mp4 … would have nothing in val and test."""
    named_clips = [
        row for name in "ab" for n in range(3) for row in make_clips(name, 4, f"{{label}}/film{n}x_{{n}}.mp4")
    ]
    protocol, assigned, notes = assign_splits(named_clips + make_clips("c", 12))
    assert protocol["by"] == "name"
    assert {row["official"]["split1"] for row in assigned if row["class"] == "c"} == {"train", "val", "test"}
    assert notes[1:] == ["a source is the name without its number at the end in a file's name: 'film2x' has 8 clips"]


def test_subjects_are_held_out_if_enough():
    records = [{**row, "subject": f"P{n % 4}"} for n, row in enumerate(make_clips("a", 8) + make_clips("b", 8))]
    protocol, assigned, notes = assign_splits(records)
    assert (protocol["name"], protocol["by"], protocol["groups"]) == ("cross_subject", "subject", 4)
    assert len({(row["subject"], row["official"]["cross_subject"]) for row in assigned}) == 4
    assert notes == ["protocol cross_subject: val and test carved out by subject, 20% each, by a hash of the names "
                     "(4 subjects)"]  # fmt: skip
    protocol, assigned, notes = assign_splits([{**row, "subject": f"P{n % 2}"} for n, row in enumerate(records)])
    assert (protocol["name"], protocol["by"]) == ("split1", "clip")
    assert notes[1] == "2 subjects are too few to hold some out: most classes need 3"


def test_given_splits_are_kept():
    records = [{**row, "split": "test" if n % 4 == 0 else "train"} for n, row in enumerate(make_clips("a", 20))]
    protocol, assigned, _ = assign_splits(records)
    assert protocol == {
        "name": "split1",
        "given": ["train", "test"],
        "carved": ["val"],
        "by": "clip",
        "groups": 15,
        "shares": {"train": 0.8, "val": 0.2},
    }
    assert count_splits(assigned, "folder") == {"split1": {"train": 12, "val": 3, "test": 5}}
    assert all(row["official"]["split1"] == "test" for row in assigned[::4])
    assert "split" not in assigned[0]
    full = [{**row, "split": ("train", "val", "test")[n % 3]} for n, row in enumerate(make_clips("a", 6))]
    protocol, assigned, notes = assign_splits(full)
    assert protocol == {"name": "split1", "given": ["train", "val", "test"], "carved": []}
    assert [row["official"]["split1"] for row in assigned] == ["train", "val", "test"] * 2
    assert notes[0] == "protocol split1: splits as given"


def test_many_small_classes_share_notes():
    _, assigned, notes = assign_splits([row for n in range(30) for row in make_clips(f"class{n}", 2)])
    splits: dict[str, set[str]] = {}
    for row in assigned:
        splits.setdefault(row["class"], set()).add(row["official"]["split1"])
    lacking = {split: sorted(name for name in splits if split not in splits[name]) for split in ("val", "test")}
    assert len(lacking["val"]) + len(lacking["test"]) == 30
    assert sorted(notes[2:]) == sorted(
        f"class '{names[0]}' is small (clips: 2): none in {split}, as of {len(names) - 1} more classes"
        for split, names in lacking.items()
    )


def test_small_classes_are_noted():
    _, assigned, notes = assign_splits(make_clips("a", 6) + make_clips("b", 2) + make_clips("c", 1))
    splits = {row["official"]["split1"] for row in assigned if row["class"] == "b"}
    missing = ({"val", "test"} - splits).pop()
    assert "train" in splits
    assert notes[2:] == [f"class 'b' is small (clips: 2): none in {missing}",
                         "class 'c' is small (clips: 1): none in val or test"]  # fmt: skip
    assert assign_splits(make_clips("a", 1))[2][-3:] == [
        "val is empty: there are too few clips to fill it",
        "test is empty: there are too few clips to fill it",
        "there is one class, 'a': a model of it has nothing to tell apart",
    ]


def test_given_splits_may_lack_train():
    _, _, notes = assign_splits([{**row, "split": "test"} for row in make_clips("a", 2) + make_clips("b", 2)])
    assert notes[1:] == ["train is empty: no clip is given to it", "val is empty: no clip is given to it"]


def test_only_made_protocol_is_counted():
    _, assigned, _ = assign_splits(make_clips("a", 5))
    assert list(count_splits(assigned, "table")) == ["split1"]
    cross_subject = get_protocol("table", "cross_subject")
    assert {cross_subject(row) for row in assigned} == {None}


def test_alike_names_across_splits_are_counted():
    """Given splits with a film on both sides; of three films too few are left to hold some out."""
    records = [
        {**row, "split": "test" if "film a 1" in row["path"] or "film b" in row["path"] else "train"}
        for row in make_records(*(f"{c}/film {n}.mp4" for c in "xyz" for n in ("a 1", "a 2", "b 1", "c 1", "d 1", "e")))
    ]
    notes = assign_splits(records)[2]
    assert [note for note in notes if "names like" in note] == [
        "3 of 6 test clips have names like those of train or val, as 'film a 1' and 'film a 2': if these are of one "
        "film or person, name it in the column subject of a table"
    ]
