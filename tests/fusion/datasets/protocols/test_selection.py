"""Splits of a protocol are disjoint, test is never joined, and unknown names are refused with the nearest one."""

from __future__ import annotations

import pytest

from triad.fusion.datasets import get_protocols
from triad.fusion.datasets.protocols import by_official_list, count_splits, count_videos, get_protocol, select
from triad.modalities.checks import InputError

RECORDS = [{"id": f"c{number}", "official": {"split1": "test" if number % 3 == 0 else "train"}} for number in range(12)]


@pytest.mark.parametrize(("dataset", "name"), [(d, name) for d in ("minihome", "jhmdb") for name in get_protocols(d)])
def test_splits_are_disjoint(dataset, name):
    records = [
        {
            "id": f"c{number}",
            "source_video": f"film{number // 2}",
            "subject": f"s{1 + number % 20:02d}",
            "camera": f"c{1 + number % 3}",
            "official": {name: "train" if number % 4 else "test"},
        }
        for number in range(120)
    ]
    protocol = get_protocol(dataset, name)
    train, val, test = (
        {record["id"] for record in select(records, protocol, split)} for split in ("train", "val", "test")
    )
    assert len(train) + len(val) + len(test) == len(train | val | test) == len(records)
    assert {record["id"] for record in select(records, protocol, "train+val")} == train | val
    assert count_splits(records, dataset)[name] == {"train": len(train), "val": len(val), "test": len(test)}


def test_minihome_holds_out_subjects_and_cameras():
    protocols = get_protocols("minihome")
    for subject in (f"s{number:02d}" for number in range(1, 21)):
        records = [{"subject": subject, "camera": camera} for camera in ("c1", "c2", "c3")]
        assert len({protocols["cross_subject"](record) for record in records}) == 1
        assert [protocols["cross_view"](record) for record in records] == ["train", "val", "test"]


@pytest.mark.parametrize("split", ["train+test", "test+val", "train+val+test"])
def test_test_split_is_never_joined(split):
    with pytest.raises(InputError, match=r"split must keep test apart, got '.*'; join train\+val only"):
        select(RECORDS, by_official_list("split1"), split)


def test_unknown_names_and_empty_splits():
    with pytest.raises(InputError, match=r"protocol of jhmdb must be .* got 'splt1' \(did you mean 'split1'\?\)"):
        get_protocol("jhmdb", "splt1")
    with pytest.raises(InputError, match=r"dataset must be one of .*got 'jhmbd'"):
        get_protocol("jhmbd", "split1")
    with pytest.raises(InputError, match=r"split must be one of .* \(did you mean 'val'\?\)"):
        select(RECORDS, by_official_list("split1"), "vall")
    with pytest.raises(InputError, match="split 'val' must have records, got none"):
        select(RECORDS, by_official_list("split1"), "val")


def test_family_of_folds_is_refused():
    with pytest.raises(
        InputError,
        match=r"protocol 'leave_one_out' of florence3d must say who is left out, got all at once; one of "
        r"leave_one_out:s1, leave_one_out:s2, .* and 5 more$",
    ):
        get_protocol("florence3d", "leave_one_out")
    with pytest.raises(InputError, match=r"got 'leave_one_out:s11' \(did you mean 'leave_one_out:s10?'\?\)"):
        get_protocol("florence3d", "leave_one_out:s11")
    with pytest.raises(InputError, match="of jhmdb must be one of split1, split2, split3, got 'leave_one_out'"):
        get_protocol("jhmdb", "leave_one_out")


def test_videos_are_counted_once():
    records = [{"source_video": name, "official": {"split1": "test"}} for name in ("x", "x", "y")]
    assert count_splits(records, "folder") == {"split1": {"train": 0, "val": 0, "test": 3}}
    assert count_videos(records, "folder") == {"split1": {"train": 0, "val": 0, "test": 2}}


def test_unknown_dataset_has_no_splits():
    assert count_splits(RECORDS, "jhmbd") == {}
