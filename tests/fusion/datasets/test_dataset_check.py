"""A dataset is compared with its protocols and the published counts, and leaks are counted."""

from __future__ import annotations

import pytest
from toy_dataset import NAMES, edit, find_problems, make_poses

from triad.fusion.datasets.dataset_check import check_dataset, summarize_dataset
from triad.fusion.datasets.writer import STORE
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import write_store


def test_sound_dataset_has_no_problems(toy_root):
    document = check_dataset(load_index(toy_root))
    assert document["problems"] == document["known"] == []
    assert document["leaks"] == {}
    assert (document["records"], document["streams"]) == (3, {"flow_dis": 3, "rgb": 3, "skeleton": 3})
    assert document["seconds"] == {"min": 0.8, "median": 0.8, "max": 0.8, "total": 2.4}
    assert document["unverified"] == [
        "that the frames of videos decode beyond the first (prepare decoded them all)",
        "the fields within flow files",
    ]


def test_unknown_dataset_is_a_problem(toy_root):
    edit(toy_root, lambda _, metainfo: metainfo.update(dataset="jhmbd"))
    problem = find_problems(toy_root)[None]
    assert problem.startswith("metainfo.dataset must be one of breakfast, charades, ")
    assert problem.endswith(", got 'jhmbd' (did you mean 'jhmdb'?)")


def test_record_without_protocol_fields_is_refused(toy_root):
    edit(toy_root, lambda _, metainfo: metainfo.update(dataset="nucla"))
    with pytest.raises(InputError, match="record 'a' must have a 'camera', by which its protocols split, got None"):
        check_dataset(load_index(toy_root))
    edit(toy_root, lambda _, metainfo: metainfo.update(dataset="jhmdb"))
    with pytest.raises(InputError, match="record 'a' must have 'official' lists, by which its protocols split, got No"):
        check_dataset(load_index(toy_root))


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (0.5, 0.5, "the record must last from a start to a later end, got 0.5 to 0.5 s"),
        (-0.2, 0.5, "the record must last from a start to a later end, got -0.2 to 0.5 s"),
        (0.2, 1.5, "the record must end within its streams, which end after 0.80 s, got 1.50 s"),
        (0.2, 0.8, None),
    ],
)
def test_record_lies_within_its_streams(toy_root, start, end, message):
    edit(toy_root, lambda records, _: records["b"].update(start=start, end=end))
    assert find_problems(toy_root) == ({} if message is None else {"b": message})


def rename(names: dict[str, str]):
    """Give N-UCLA's names to the clips, and two of them the same poses."""

    def change(records, metainfo):
        metainfo.update(dataset="nucla", classes=["a01", "a02"])
        for old, new in names.items():
            records[old].update(id=new, label=int(new[2]) - 1, source_video=old, camera=new[-3:], subject=new[4:7])
            records[old]["sources"] = {"skeleton": records[old]["sources"]["skeleton"]}

    return change


def test_known_duplicates_are_reported_as_leaks(toy_root):
    with write_store(toy_root / STORE, layout="jhmdb15") as store:
        for name, content in zip(NAMES, "aab", strict=True):
            store.add(name, make_poses(content))
    edit(toy_root, rename({"a": "a02_s01_e00_v02", "b": "a02_s01_e00_v03", "c": "a01_s01_e00_v01"}))
    document = check_dataset(load_index(toy_root))
    assert document["known"] == [{"id": "a02_s01_e00_v03", "problem": "skeleton: the same as 'a02_s01_e00_v02'"}]
    assert document["leaks"] == {"cross_view": 1}  # camera 2 validates, camera 3 tests; one person is on one side
    assert all(row["id"] is None for row in document["problems"])
    edit(toy_root, lambda records, _: records["a02_s01_e00_v03"].update(id="a02_s01_e01_v03"))
    messages = [row["problem"] for row in check_dataset(load_index(toy_root))["problems"] if row["id"]]
    assert messages == ["skeleton: the same as 'a02_s01_e00_v02'"]  # not one of those that are known


@pytest.mark.parametrize("cameras", [("v03", "v03", "v01"), ("v01", "v03", "v03"), ("v03", "v02", "v03")])
def test_every_leaked_test_clip_counts(toy_root, cameras):
    with write_store(toy_root / STORE, layout="jhmdb15") as store:
        for name in NAMES:
            store.add(name, make_poses("one"))
    edit(toy_root, rename({name: f"a01_s0{number}_e00_{cameras[number]}" for number, name in enumerate(NAMES)}))
    assert check_dataset(load_index(toy_root))["leaks"]["cross_view"] == 2


def test_deviation_from_published_counts(toy_root):
    edit(toy_root, rename({"a": "a02_s01_e00_v01", "b": "a02_s01_e00_v02", "c": "a02_s01_e00_v03"}))
    document = summarize_dataset(load_index(toy_root))
    assert document["published"] == {"cross_view": {"train+val": 1020, "test": 464}}
    assert document["problems"] == [
        {"id": None, "problem": "protocol cross_view: train+val has 2 records, published are 1020"},
        {"id": None, "problem": "protocol cross_view: test has 1 records, published are 464"},
    ]
    assert document["protocols"]["cross_view"] == {"train": 1, "val": 1, "test": 1}


def test_recordings_are_counted_once(toy_root):
    def untrimmed(records, metainfo):
        metainfo["dataset"] = "tsu"
        for name, video in zip(NAMES, ("P03T01C01", "P03T01C01", "P02T01C02"), strict=True):
            records[name].update(source_video=video, subject=video[:3], camera=video[6:])

    edit(toy_root, untrimmed)
    messages = [row["problem"] for row in summarize_dataset(load_index(toy_root))["problems"]]
    assert "protocol cross_subject: train+val has 1 recordings, published are 351" in messages
    assert "protocol cross_view: test has 1 recordings, published are 167" in messages
