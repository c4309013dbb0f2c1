"""Extracted streams join the index: records, clocks, statuses, and concurrent runs."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from triad.fusion.index import load_index, write_index
from triad.fusion.index.stream_index import extraction_tasks, join_streams
from triad.modalities.checks import InputError
from triad.modalities.extraction import StreamStore
from triad.modalities.flow import FlowExtractor, FlowWriter
from triad.modalities.flow.estimators import build_estimator


def make_index(tmp_path, *records):
    return write_index(
        tmp_path / "index.json",
        {"dataset": "folder", "classes": ["a"], "streams": {"rgb": {"modality": "rgb"}}},
        records,
    )


def make_record(name, path, **rgb):
    return {"id": name, "label": 0, "sources": {"rgb": {"path": path, "num": 4, **rgb}}}


def write_flow(store, name, num, **provenance):
    with FlowWriter(store.folder / f"{name}.flow", provenance=store.provenance | provenance) as writer:
        writer.add(np.full((num, 4, 4, 2), 2000, np.float32))


def flow_store(name, root):
    store = StreamStore.to_write(FlowExtractor(build_estimator(name)), root)
    store.prepare()
    return store


@pytest.fixture
def dis(tmp_path):
    return flow_store("dis", tmp_path)


def test_records_of_one_video_share_file(tmp_path, dis):
    index = make_index(
        tmp_path,
        make_record("a", "v.mp4", fps=5.0),
        make_record("b", "v.mp4", fps=5.0, offset=1.0),
        make_record("c", "w.mp4", fps=5.0),
    )
    tasks = extraction_tasks(index)
    assert [tasks[id].id for id in "abc"] == ["a", "a", "c"]
    write_flow(dis, "a", 3)
    (status,) = join_streams(tmp_path, [dis])
    a, b, c = (record["sources"] for record in load_index(tmp_path).records)
    assert a["flow_dis"] == {"path": "flow_dis/a.flow", "num": 3, "fps": 5.0}
    assert b["flow_dis"] == {"path": "flow_dis/a.flow", "num": 3, "fps": 5.0, "offset": 1.0}
    assert "flow_dis" not in c
    assert (len(status.done), [task.id for task in status.missing]) == (1, ["c"])
    assert status.counts() == {"clipped": 3 * 4 * 4 * 2}
    assert status.bytes == (tmp_path / "flow_dis/a.flow").stat().st_size


def test_flow_lacks_last_time(tmp_path, dis):
    make_index(tmp_path, make_record("a", "v.mp4", times=[0.0, 0.1, 0.4, 0.5]))
    write_flow(dis, "a", 3)
    join_streams(tmp_path, [dis])
    entry = load_index(tmp_path).records[0]["sources"]["flow_dis"]
    assert entry == {"path": "flow_dis/a.flow", "num": 3, "times": [0.0, 0.1, 0.4]}


def test_damaged_files_are_not_joined(tmp_path, dis):
    index = make_index(tmp_path, *(make_record(id, f"{id}.mp4", fps=5.0) for id in "abcd"))
    write_flow(dis, "a", 4)
    write_flow(dis, "b", 3, settings="others")
    write_flow(dis, "c", 3)
    dis.record_failure(extraction_tasks(index)["d"], "broken")
    (status,) = join_streams(tmp_path, [dis])
    assert [
        id for id, row in zip("abcd", load_index(tmp_path).records, strict=True) if "flow_dis" in row["sources"]
    ] == ["c"]
    document = status.document()
    assert (document["videos"], document["done"], document["missing"]) == (4, 1, [])
    assert [row["id"] for row in document["damaged"]] == ["a", "b"]
    assert "a.flow' must have 3 entries, got 4" in document["damaged"][0]["reason"]
    assert "'settings' of" in document["damaged"][1]["reason"]
    assert document["failed"] == [{"id": "d", "video": str(tmp_path / "d.mp4"), "reason": "broken"}]
    assert json.loads((tmp_path / "flow_dis/failures.json").read_text()) == document["failed"]


def test_joining_again_changes_nothing(tmp_path, dis):
    make_index(tmp_path, make_record("a", "v.mp4", fps=5.0))
    write_flow(dis, "a", 3)
    join_streams(tmp_path, [dis])
    before = (tmp_path / "index.json").read_bytes(), (tmp_path / "index.json").stat().st_ino
    join_streams(tmp_path, [dis])
    assert before == ((tmp_path / "index.json").read_bytes(), (tmp_path / "index.json").stat().st_ino)


def test_concurrent_joins_lose_no_rows(tmp_path):
    make_index(tmp_path, *(make_record(f"r{number:03d}", f"{number}.mp4", fps=5.0) for number in range(60)))
    stores = [flow_store(name, tmp_path) for name in ("dis", "farneback", "tvl1")]
    for store in stores:
        for number in range(60):
            write_flow(store, f"r{number:03d}", 3)
    with ThreadPoolExecutor(3) as pool:  # a lock is of an open file, so threads keep each other out as processes do
        list(pool.map(lambda store: join_streams(tmp_path, [store]), stores))
    for row in load_index(tmp_path).records:
        assert {"rgb", "flow_dis", "flow_farneback", "flow_tvl1"} == set(row["sources"])


def test_index_without_videos_is_refused(tmp_path):
    index = make_index(tmp_path, {"id": "a", "label": 0, "sources": {}})
    with pytest.raises(InputError, match="must have a source 'rgb' to extract from, got none"):
        extraction_tasks(index)
