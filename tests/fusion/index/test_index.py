"""An index is read as it was written, and an inconsistent one is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from triad.fusion.index import Index, clock_of, extent_of, load_index, write_index
from triad.modalities.checks import InputError
from triad.modalities.clips import Span

META = {"dataset": "toy", "classes": ["a", "b"], "streams": {"rgb": {"modality": "rgb"}}}


def make_record(name: str, **fields) -> dict:
    return {"id": name, "label": 0, "sources": {"rgb": {"path": f"{name}.mp4", "num": 10, "fps": 5.0}}, **fields}


def test_index_survives_writing_and_reading(tmp_path):
    write_index(tmp_path / "index.json", META, [make_record("z"), make_record("a", label=None)])
    index = load_index(tmp_path)
    assert [row["id"] for row in index.records] == ["a", "z"]
    assert index.classes == ["a", "b"]
    assert index.source(index.records[0], "rgb").path == tmp_path / "a.mp4"
    assert index.source(index.records[0], "flow_dis") is None
    first = (tmp_path / "index.json").read_bytes()
    write_index(tmp_path / "index.json", index.metainfo, index.records[::-1])
    assert (tmp_path / "index.json").read_bytes() == first


def test_written_index_is_on_the_disk(tmp_path, monkeypatch):
    """After a power cut a name without content would be left of a file that was not synchronised."""
    synchronized = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synchronized.append(os.readlink(f"/proc/self/fd/{descriptor}")))
    write_index(tmp_path / "index.json", META, [make_record("a")])
    assert [Path(path).suffix for path in synchronized] == [".json", ""]  # the file before it is renamed, its folder


@pytest.mark.parametrize(
    ("records", "message"),
    [
        (
            [make_record("x", label=[0, 5])],
            r"label of record 0 of .* must be a class index below 2, a list of them or of segments, or null, got 5",
        ),
        (
            [make_record("x", label=2)],
            r"label of record 0 of '.*index.json' must be a class index below 2, a list of .*, or null, got 2",
        ),
        ([make_record("x", label=-1)], "below 2, a list of them or of segments, or null, got -1"),
        ([make_record("x", label=1.0)], r"below 2, a list of them or of segments, or null, got 1\.0"),
        ([make_record("x"), make_record("x")], "id of record 1 of .* must be unique, got 'x' again"),
        ([make_record("x", label=[None])], "a list of them or of segments, or null, got None"),
        ([make_record("x", label=[True])], "a list of them or of segments, or null, got True"),
        ([make_record("x", label=[[0]])], r"a list of them or of segments, or null, got \[0\]"),
        ([make_record("x", label=[{"start": 0, "label": 0}])], "label of record 0 of .* must have 'end'"),
        ([make_record("x", label=[{"start": 0, "end": "9", "label": 0}])], "end of label of record 0 .* a number"),
        ([{"id": "x", "label": 0}], "record 0 of .* must have 'sources', got only"),
        ([make_record("a/x")], r"id of record 0 of .* must be a name that files can have, got 'a/x'"),
        ([make_record(7)], "must be a name that files can have, got 7"),
        (
            [make_record("x", sources={"rgb": {"path": "x.mp4"}})],
            r"rgb of sources .* must have 'num', got \['path'\]",
        ),
        ([make_record("x", sources=[])], "sources of .* an object .*, got list"),
        (
            [make_record("x", sources={"rgb": None})],
            "rgb of sources .* be an object with fields, got None",
        ),
        (
            [make_record("x", sources={"rgb": {"path": "x", "num": "9"}})],
            "num of rgb .* whole number .*, got '9'",
        ),
        (
            [make_record("x", sources={"rgb": {"path": "x", "num": 9, "fps": "9"}})],
            "fps of rgb of sources .* a number above 0 .*, got '9'",
        ),
        (
            [make_record("x", sources={"rgb": {"path": "x", "num": 9, "repaired": [5]}})],
            "entry 0 of repaired of rgb .* must be a list of 2, got 5",
        ),
        (
            [make_record("x", sources={"rgb": {"path": "x", "num": 9, "repaired": [["a", 2]]}})],
            "entry 0 of entry 0 of repaired of rgb .* must be a number .*, got 'a'",
        ),
        ([make_record("x", official={"split1": ["train"]})], "split1 of official of record 0 .* be text, got list"),
        ([make_record("x", source_video=[])], "source_video of record 0 .* be text, got list"),
        ([3], "record 0 of .* must be dict, got 3; prepare"),
        (
            [make_record("x", sources={"depth": {"path": "x", "num": 1}})],
            r"stream 'depth' of record 0 of .* must be one of rgb, got depth",
        ),
    ],
)
def test_invalid_records_are_refused(tmp_path, records, message):
    with pytest.raises(InputError, match=message):
        Index(tmp_path, META, records)
    (tmp_path / "index.json").write_text(json.dumps({"metainfo": META, "data_list": records}))
    with pytest.raises(InputError, match=message):
        load_index(tmp_path / "index.json")


def test_invalid_metainfo_is_refused(tmp_path):
    with pytest.raises(InputError, match="must have classes, streams, got"):
        Index(tmp_path, {"dataset": "toy"}, [])
    with pytest.raises(InputError, match=r"modality of stream 'audio' in .* must be one of .* got audio; prepare"):
        Index(tmp_path, {**META, "streams": {"audio": {"modality": "audio"}}}, [])


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([1], "must have 'metainfo' and 'data_list', got list"),
        ({"metainfo": [], "data_list": []}, r"metainfo of '.*index.json' must be dict, got \[\]"),
        ({"metainfo": META, "data_list": None}, r"data_list of '.*index.json' must be list, got None"),
        (
            {"metainfo": {**META, "streams": []}, "data_list": []},
            r"streams of metainfo .* be an object .*, got list",
        ),
        (
            {"metainfo": {**META, "streams": {"rgb": 1}}, "data_list": []},
            "rgb of streams .* be an object .*, got 1",
        ),
        (
            {"metainfo": {**META, "classes": "ab"}, "data_list": []},
            "classes of metainfo .* be a list, got 'ab'; prepare",
        ),
    ],
)
def test_other_json_files_are_refused(tmp_path, document, message):
    (tmp_path / "index.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match=message):
        load_index(tmp_path)


def test_invalid_index_is_not_written(tmp_path):
    with pytest.raises(InputError, match="class index"):
        write_index(tmp_path / "index.json", META, [make_record("x", label=5)])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("fields", "span"),
    [
        ({"start": 1.0, "end": 4.0, "num_frames": 10, "fps": 5.0}, Span(1.0, 4.0)),
        ({"end": 4.0}, Span(0.0, 4.0)),
        ({"num_frames": 10, "fps": 4.0}, Span(0.0, 2.5)),
        ({}, Span(0.0, 2.0)),  # 10 entries at 5 a second
        ({"sources": {"rgb": {"path": "x", "num": 3, "times": [0.0, 0.5, 1.5]}}}, Span(0.0, 1.5)),
    ],
)
def test_extent_of_a_record(fields, span):
    assert extent_of(make_record("x", **fields)) == span


def test_clock_is_that_of_the_video():
    skeleton = {"path": "s.npz", "num": 90, "fps": 30.0}
    video = {"path": "v.mp4", "num": 3, "times": [0.0, 0.5, 1.5]}
    flow = {"path": "v.flow", "num": 2, "times": [0.0, 0.5]}
    clock = clock_of(make_record("x", sources={"skeleton": skeleton, "rgb": video}))
    assert (clock.num, clock.times) == (3, (0.0, 0.5, 1.5))
    assert clock_of(make_record("x", sources={"flow_dis": flow, "skeleton": skeleton})).fps == 30.0
    clock = clock_of(make_record("x", sources={}, num_frames=10, fps=4.0))
    assert (clock.num, clock.fps) == (10, 4.0)
    assert clock_of(make_record("x", sources={}, end=4.0)) is None


def test_record_without_clock_is_refused():
    with pytest.raises(InputError, match="record 'x' must have a clock"):
        extent_of({"id": "x", "label": 0, "sources": {}})


def test_record_by_id_names_nearest():
    index = Index(Path("/data"), META, [make_record("walk_1"), make_record("walk_2"), make_record("sit")])
    assert index.record("sit")["id"] == "sit"
    with pytest.raises(InputError, match=r"one of the 3 in '/data', got 'wlk_1'; the nearest are walk_1, walk_2"):
        index.record("wlk_1")
