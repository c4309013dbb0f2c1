"""Splits are disjoint, whole in what they hold out, and never mix test into anything."""

from __future__ import annotations

import pytest

from fusion.datasets import get_protocols
from fusion.datasets.protocols import (
    by_field,
    by_official_list,
    count_splits,
    get_protocol,
    select,
    share_of_source_videos,
)
from modalities.checks import InputError


def test_by_field():
    protocol = by_field("subject", val={"s2"}, test={"s3", "s4"})
    assert [protocol({"subject": f"s{number}"}) for number in range(1, 6)] == ["train", "val", "test", "test", "train"]
    listed = by_field("subject", train={"s1"}, val={"s2"}, test={"s3", "s4"})
    assert [listed({"subject": f"s{number}"}) for number in range(1, 6)] == ["train", "val", "test", "test", None]


def clips(sources: int, each: int) -> list[dict]:
    """Every third source tests; the last clip of a source is not in the list of split 1."""
    return [
        {
            "id": f"film{source}_{number}",
            "source_video": f"film{source}",
            "official": {"split1": "test" if source % 3 == 0 else "train"} if number < each - 1 else {},
        }
        for source in range(sources)
        for number in range(each)
    ]


def test_official_lists_keep_a_source_video_on_one_side():
    records = clips(300, 4)
    protocol = by_official_list("split1", val=share_of_source_videos(0.2))
    sides: dict[str, set] = {}
    for record in records:
        part = protocol(record)
        assert (part == "test") == (record["official"].get("split1") == "test")
        assert (part is None) == (not record["official"])
        if part is not None:
            sides.setdefault(record["source_video"], set()).add(part)
    assert all(len(parts) == 1 for parts in sides.values())
    share = sum(parts == {"val"} for parts in sides.values()) / 200  # of the 200 that train
    assert 0.12 < share < 0.28
    again = by_official_list("split1", val=share_of_source_videos(0.2))
    assert [again(record) for record in records] == [protocol(record) for record in records]  # fixed by hash


def test_more_carved_keeps_what_was_carved():
    records = clips(100, 2)
    few, many = (
        {r["id"] for r in records if by_official_list("split1", val=share_of_source_videos(share))(r) == "val"}
        for share in (0.1, 0.3)
    )
    assert few < many
    assert not {r["id"] for r in records if by_official_list("split1")(r) == "val"}


@pytest.mark.parametrize(("dataset", "name"), [(d, name) for d in ("minihome", "jhmdb") for name in get_protocols(d)])
def test_splits_of_a_protocol_are_disjoint(dataset, name):
    """The others' records have fields of their own, and their prepare tests tell the splits."""
    records = [
        {**clip, "subject": f"s{1 + place % 20:02d}", "camera": f"c{1 + place % 3}", "official": {name: "train"}}
        for place, clip in enumerate(clips(60, 2))
    ]
    for clip in records[::4]:
        clip["official"] = {name: "test"}
    protocol = get_protocol(dataset, name)
    train, val, test = (select(records, protocol, split) for split in ("train", "val", "test"))
    ids = [{record["id"] for record in part} for part in (train, val, test)]
    assert sum(map(len, ids)) == len(set.union(*ids)) == len(records)
    both = {record["id"] for record in select(records, protocol, "train+val")}
    assert both == ids[0] | ids[1]
    assert count_splits(records, dataset)[name] == dict(zip(("train", "val", "test"), map(len, ids), strict=True))


def test_held_out_subjects_and_cameras_of_minihome_are_whole():
    cross_subject, cross_view = get_protocols("minihome")["cross_subject"], get_protocols("minihome")["cross_view"]
    for subject in (f"s{number:02d}" for number in range(1, 21)):
        assert len({cross_subject({"subject": subject, "camera": f"c{number}"}) for number in (1, 2, 3)}) == 1
    assert [cross_view({"subject": "s02", "camera": f"c{number}"}) for number in (1, 2, 3)] == ["train", "val", "test"]


@pytest.mark.parametrize("split", ["train+test", "test+val", "train+val+test"])
def test_test_joins_nothing(split):
    with pytest.raises(InputError, match=r"split must keep test apart, got '.*'; join train\+val only"):
        select(clips(6, 2), by_official_list("split1", val=share_of_source_videos(0.2)), split)


def test_unknown_names_and_empty_splits():
    with pytest.raises(InputError, match=r"protocol of jhmdb must be .* got 'splt1' \(did you mean 'split1'\?\)"):
        get_protocol("jhmdb", "splt1")
    with pytest.raises(InputError, match=r"dataset must be one of .*got 'jhmbd'"):
        get_protocol("jhmbd", "split1")
    with pytest.raises(InputError, match=r"split must be one of .* \(did you mean 'val'\?\)"):
        select(clips(6, 2), by_official_list("split1", val=share_of_source_videos(0.2)), "vall")
    with pytest.raises(InputError, match="split 'val' must have records, got none"):
        select(clips(6, 2), by_official_list("split1"), "val")
