import json
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import modalities.extraction as extraction
from modalities.checks import InputError
from modalities.extraction import Task, extract, open_store, unfinished
from modalities.flow.codec import FlowFile
from modalities.flow.estimators import build_estimator
from modalities.flow.extractor import FlowExtractor
from modalities.store import atomic
from modalities.video import write_video

FRAMES = 7


class Count:
    """Writes how many frames came in which chunks, for tests of the engine."""

    suffix = ".json"
    opened = 0

    def __init__(self, stream="count", *, setting=1, fail_on=None):
        self.stream, self.setting, self.fail_on = stream, setting, fail_on

    @property
    def provenance(self):
        return {"settings": self.setting}

    @contextmanager
    def open(self, path):
        Count.opened += 1
        self.chunks = []
        with atomic(path) as temporary:
            temporary.write_text("half")
            yield self
            temporary.write_text(json.dumps(self.chunks))

    def add(self, frames):
        self.chunks.append(len(frames))
        if self.fail_on is not None and frames[0, 0, 0, 0] > self.fail_on:
            raise ZeroDivisionError("a bug")

    def describe(self, path):
        return {"num": sum(json.loads(path.read_text()))}


def frames(seed, num=FRAMES):
    rng = np.random.default_rng(seed)
    texture = np.kron(rng.integers(0, 200, (12, 16, 3)), np.ones((5, 5, 1))).astype(np.uint8)
    return [np.roll(texture, shift, axis=1) for shift in range(num)]


@pytest.fixture
def videos(tmp_path):
    """Four videos; the third is corrupt."""
    tasks = []
    for number in range(4):
        path = tmp_path / f"videos/v{number}.mp4"
        write_video(path, frames(number), fps=10)
        tasks.append(Task(f"v{number}", path, FRAMES))
    tasks[2].video.write_bytes(b"corrupt" * 100)
    return tasks


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def dis_and_farneback():
    return [FlowExtractor(build_estimator(name)) for name in ("dis", "farneback")]


def test_a_corrupt_video_is_reported_and_the_others_finish(videos, tmp_path):
    outcomes = {task.id: error for task, error in extract(videos, lambda: [Count()], tmp_path)}
    assert {id for id, error in outcomes.items() if error is None} == {"v0", "v1", "v3"}
    assert "v2.mp4" in outcomes["v2"]
    assert set(contents(tmp_path / "count")) == {"provenance.json", "v0.json", "v1.json", "v3.json"}


def test_a_bug_met_by_one_video_costs_no_other(videos, tmp_path):
    write_video(videos[2].video, [np.full((60, 80, 3), 250, np.uint8)] * FRAMES, fps=10)
    outcomes = {task.id: error for task, error in extract(videos, lambda: [Count(fail_on=240)], tmp_path)}
    assert outcomes == {"v0": None, "v1": None, "v2": "ZeroDivisionError: a bug", "v3": None}
    assert not (tmp_path / "count/v2.json").exists()
    assert not list((tmp_path / "count").glob(".*"))


def test_each_video_is_decoded_once_for_all_extractors(videos, tmp_path, monkeypatch):
    decoded = []
    original = extraction.iter_frames
    monkeypatch.setattr(extraction, "iter_frames", lambda path: (decoded.append(path.stem), original(path))[1])
    list(extract(videos[:2], lambda: [Count("one"), Count("two")], tmp_path))
    assert decoded == ["v0", "v1"]
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_finished_files_are_skipped(videos, tmp_path):
    list(extract(videos[:1], lambda: [Count()], tmp_path))
    assert [task.id for task in unfinished(videos, [Count()], tmp_path)] == ["v1", "v2", "v3"]
    assert [task.id for task in unfinished(videos, [Count(), Count("other")], tmp_path)] == ["v0", "v1", "v2", "v3"]
    before, Count.opened = contents(tmp_path / "count"), 0
    list(extract(videos[:1], lambda: [Count(), Count("other")], tmp_path))
    assert Count.opened == 1  # only the other
    assert contents(tmp_path / "count") == before


def test_long_videos_come_in_chunks_of_a_fixed_size(tmp_path):
    num = 2 * extraction.CHUNK + 5
    write_video(tmp_path / "long.mp4", frames(0, num), fps=10)
    list(extract([Task("long", tmp_path / "long.mp4", num)], lambda: [Count()], tmp_path))
    assert json.loads((tmp_path / "count/long.json").read_text()) == [32, 32, 5]


def test_a_shorter_video_than_the_index_says_is_a_failure(videos, tmp_path):
    longer = Task("v0", videos[0].video, FRAMES + 1)
    ((_, error),) = extract([longer], lambda: [Count()], tmp_path)
    assert "must have 8 frames as the index says, got 7; prepare the dataset again" in error
    assert not (tmp_path / "count/v0.json").exists()


def test_a_store_made_in_another_way_is_refused(tmp_path):
    open_store(Count(setting=1), tmp_path)
    open_store(Count(setting=1), tmp_path)
    with pytest.raises(InputError, match=r"'settings' of this extraction must be 1 as .*provenance.json' says, got 2"):
        open_store(Count(setting=2), tmp_path)


def test_half_written_files_of_a_killed_run_are_swept(tmp_path):
    open_store(Count(), tmp_path)
    (tmp_path / "count/.v0.abcd1234.partial.json").write_text("half")
    open_store(Count(), tmp_path)
    assert [path.name for path in (tmp_path / "count").iterdir()] == ["provenance.json"]


def test_workers_give_the_same_bytes_as_one_process(videos, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    alone = {task.id: error for task, error in extract(videos, dis_and_farneback, one)}
    shared = {task.id: error for task, error in extract(videos, dis_and_farneback, two, workers=2)}
    assert alone.keys() == shared.keys()
    assert [id for id, error in shared.items() if error is not None] == ["v2"]
    for stream in ("flow_dis", "flow_farneback"):
        assert contents(one / stream) == contents(two / stream)
        assert {"v0.flow", "v1.flow", "v3.flow", "provenance.json"} == set(contents(one / stream))


def test_flow_of_chunks_is_flow_of_the_whole(tmp_path, monkeypatch):
    write_video(tmp_path / "v.mp4", frames(0, 9), fps=10)
    build = partial(lambda: [FlowExtractor(build_estimator("dis"))])
    task = Task("v", tmp_path / "v.mp4", 9)
    list(extract([task], build, tmp_path / "whole"))
    monkeypatch.setattr(extraction, "CHUNK", 4)  # 4 + 4 + 1 frames
    list(extract([task], build, tmp_path / "parts"))
    assert contents(tmp_path / "whole/flow_dis") == contents(tmp_path / "parts/flow_dis")
    flow = FlowFile(tmp_path / "whole/flow_dis/v.flow")
    assert flow.num == 8
    np.testing.assert_allclose(
        np.median(flow.read(np.arange(8))[..., 10:-10, 10:-10, :], axis=(1, 2)), [[1, 0]] * 8, atol=0.2
    )


def test_one_frame_has_no_flow(tmp_path):
    write_video(tmp_path / "v.mp4", frames(0, 1), fps=10)
    ((_, error),) = extract([Task("v", tmp_path / "v.mp4", 1)], dis_and_farneback, tmp_path)
    assert "at least one field, which takes two frames" in error


def test_workers_must_be_positive(tmp_path):
    with pytest.raises(InputError, match="workers must be at least 1, got 0"):
        list(extract([], dis_and_farneback, tmp_path, workers=0))
