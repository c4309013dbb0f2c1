import numpy as np
import pytest

from fusion.data.extracted import add_stream, video_tasks
from fusion.data.index import load_index, write_index
from modalities.checks import InputError
from modalities.flow import FlowWriter
from modalities.flow.estimators import build_estimator
from modalities.flow.extractor import FlowExtractor


def index_of(tmp_path, *records):
    return write_index(
        tmp_path / "index.json",
        {"dataset": "folder", "classes": ["a"], "streams": {"rgb": {"modality": "rgb"}}},
        records,
    )


def record(id, path, **rgb):
    return {"id": id, "label": 0, "sources": {"rgb": {"path": path, "num": 4, **rgb}}}


def write_fields(path, num):
    with FlowWriter(path) as writer:
        writer.add(np.zeros((num, 4, 4, 2), np.float32))


@pytest.fixture
def dis():
    return FlowExtractor(build_estimator("dis"))


def test_records_of_one_video_share_its_file(tmp_path, dis):
    index = index_of(
        tmp_path,
        record("a", "v.mp4", fps=5.0),
        record("b", "v.mp4", fps=5.0, offset=1.0),
        record("c", "w.mp4", fps=5.0),
    )
    tasks = video_tasks(index)
    assert [tasks[id].id for id in "abc"] == ["a", "a", "c"]
    write_fields(tmp_path / "flow_dis/a.flow", 3)
    index, sums = add_stream(index, dis, modality="flow", lag=1)
    assert index.records[0]["sources"]["flow_dis"] == {"path": "flow_dis/a.flow", "num": 3, "fps": 5.0}
    assert index.records[1]["sources"]["flow_dis"] == {"path": "flow_dis/a.flow", "num": 3, "fps": 5.0, "offset": 1.0}
    assert "flow_dis" not in index.records[2]["sources"]
    assert sums == {"num": 6, "clipped": 0}
    assert load_index(tmp_path) == index


def test_times_of_a_varying_rate_lose_the_last(tmp_path, dis):
    index = index_of(tmp_path, record("a", "v.mp4", times=[0.0, 0.1, 0.4, 0.5]))
    write_fields(tmp_path / "flow_dis/a.flow", 3)
    index, _ = add_stream(index, dis, modality="flow", lag=1)
    assert index.records[0]["sources"]["flow_dis"] == {"path": "flow_dis/a.flow", "num": 3, "times": [0.0, 0.1, 0.4]}


def test_a_file_that_does_not_fit_its_video(tmp_path, dis):
    index = index_of(tmp_path, record("a", "v.mp4", fps=5.0))
    write_fields(tmp_path / "flow_dis/a.flow", 4)
    with pytest.raises(InputError, match=r"a.flow' must have 3 entries, got 4; delete it and extract again"):
        add_stream(index, dis, modality="flow", lag=1)


def test_no_video_at_all(tmp_path):
    index = index_of(tmp_path, {"id": "a", "label": 0, "sources": {}})
    with pytest.raises(InputError, match="must have videos to extract from"):
        video_tasks(index)
