"""Rules assign records to splits by fields, by official lists, and by leaving one value out."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.protocols import (
    by_field,
    by_official_list,
    field_of,
    leave_one_out,
    listed_split,
    share_of_source_videos,
)
from triad.modalities.checks import InputError


def make_clips(num_sources: int, clips_per_source: int) -> list[dict]:
    """Every third source video tests; the last clip of a source is not in the list of split 1."""
    return [
        {
            "source_video": f"film{source}",
            "official": {"split1": "train" if source % 3 else "test"} if number < clips_per_source - 1 else {},
        }
        for source in range(num_sources)
        for number in range(clips_per_source)
    ]


def test_by_field():
    protocol = by_field("subject", val={"s2"}, test={"s3", "s4"})
    assert [protocol({"subject": f"s{number}"}) for number in range(1, 6)] == ["train", "val", "test", "test", "train"]
    protocol = by_field("subject", train={"s1"}, val={"s2"}, test={"s3", "s4"})
    assert [protocol({"subject": f"s{number}"}) for number in range(1, 6)] == ["train", "val", "test", "test", None]


def test_official_list_with_validation():
    protocol = by_official_list("split1", val=lambda record: record["source_video"] == "film1")
    assert [protocol(clip) for clip in make_clips(3, 2)] == ["test", None, "val", None, "train", None]


def test_source_video_stays_in_one_split():
    clips = make_clips(300, 4)
    protocol = by_official_list("split1", val=share_of_source_videos(0.2))
    splits_by_source: dict[str, set] = {}
    for clip in clips:
        splits_by_source.setdefault(clip["source_video"], set()).add(protocol(clip))
    assert all(len(splits - {None}) == 1 for splits in splits_by_source.values())
    share = sum("val" in splits for splits in splits_by_source.values()) / 200  # of the 200 in train
    assert 0.12 < share < 0.28
    equal_protocol = by_official_list("split1", val=share_of_source_videos(0.2))
    assert [equal_protocol(clip) for clip in clips] == [protocol(clip) for clip in clips]  # fixed by hash


def test_larger_share_contains_smaller_one():
    names = [f"film{number}" for number in range(100)]
    smaller, larger = (
        {name for name in names if share_of_source_videos(share)({"source_video": name})} for share in (0.1, 0.3)
    )
    assert smaller < larger
    assert not any(share_of_source_videos(0.0)({"source_video": name}) for name in names)


def test_leave_one_out():
    folds = leave_one_out("subject", ("s1", "s2", "s3"))
    splits = {name: [fold({"subject": subject}) for subject in ("s1", "s2", "s3")] for name, fold in folds.items()}
    assert splits == {
        "leave_one_out:s1": ["test", "val", "train"],
        "leave_one_out:s2": ["train", "test", "val"],
        "leave_one_out:s3": ["val", "train", "test"],
    }


def test_records_without_fields_are_refused():
    with pytest.raises(InputError, match="record 'a' must have a 'camera', by which its protocols split, got None"):
        field_of({"id": "a"}, "camera")
    with pytest.raises(InputError, match="record 'a' must have 'official' lists, by which its protocols split, got No"):
        listed_split({"id": "a"}, "split1")
