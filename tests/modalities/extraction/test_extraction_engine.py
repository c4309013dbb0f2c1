import errno
import json
import multiprocessing
import os
import tracemalloc
from functools import partial
from threading import Barrier

import numpy as np
import pytest
from count_extractor import FRAMES, Count, contents, extract, frames

from modalities.atomic_files import StorageError
from modalities.checks import InputError
from modalities.extraction import LocalWorkers, Stopwatch, Task, one_video, open_run
from modalities.extraction.run_concurrently import run_concurrently
from modalities.flow import FlowExtractor, FlowFile, FlowWriter
from modalities.flow.estimators import build_estimator
from modalities.video import write_video


def dis_and_farneback():
    return [FlowExtractor(build_estimator(name)) for name in ("dis", "farneback")]


def deadly():
    return [Count(die_on=240)]


def dead_in_a_worker():
    if multiprocessing.parent_process() is not None:
        os._exit(3)
    return [Count()]


def test_no_more_than_two_chunks_are_in_memory():
    size, chunk = 100 * 100 * 3, one_video.CHUNK * 100 * 100 * 3
    tracemalloc.start()
    lengths = []
    decoded = (np.zeros(size, np.uint8) for _ in range(3 * one_video.CHUNK + 1))
    for some in one_video._iter_chunks(decoded, Stopwatch()):
        lengths.append(len(some))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lengths == [one_video.CHUNK] * 3 + [1]
    assert peak < 2.2 * chunk


def test_a_corrupt_video_is_reported_and_the_others_finish(videos, tmp_path):
    outcomes = extract(videos, lambda: [Count()], tmp_path)
    assert {id for id, error in outcomes.items() if error is None} == {"v0", "v1", "v3"}
    assert "v2.mp4" in outcomes["v2"]
    assert set(contents(tmp_path / "count")) == {"provenance.json", "v0.json", "v1.json", "v3.json"}


def test_a_bug_met_by_one_video_costs_no_other(videos, tmp_path):
    write_video(videos[2].video, [np.full((60, 80, 3), 250, np.uint8)] * FRAMES, fps=10)
    outcomes = extract(videos, lambda: [Count(fail_on=240)], tmp_path)
    assert outcomes == {"v0": None, "v1": None, "v2": "ZeroDivisionError: a bug", "v3": None}
    assert not (tmp_path / "count/v2.json").exists()
    assert not list((tmp_path / "count").glob(".*partial*"))


def test_a_stream_that_fails_costs_no_other(videos, tmp_path):
    write_video(videos[2].video, [np.full((60, 80, 3), 250, np.uint8)] * FRAMES, fps=10)
    with open_run(videos, lambda: [Count("one", fail_on=240), Count("two")], tmp_path) as run:
        errors = {outcome.task.id: outcome.errors for outcome in run}
    assert errors == {"v0": {}, "v1": {}, "v2": {"one": "ZeroDivisionError: a bug"}, "v3": {}}
    assert set(contents(tmp_path / "two")) - set(contents(tmp_path / "one")) == {"v2.json"}


def test_a_video_that_kills_its_process_is_a_failure_of_its_own(videos, tmp_path):
    write_video(videos[2].video, [np.full((60, 80, 3), 250, np.uint8)] * FRAMES, fps=10)
    outcomes = extract(videos, deadly, tmp_path, workers=LocalWorkers(2))
    assert "the process that worked on it died, twice" in outcomes.pop("v2")
    assert outcomes == {"v0": None, "v1": None, "v3": None}
    assert extract(videos, deadly, tmp_path, workers=LocalWorkers(2)) == {}
    assert not list((tmp_path / "count").glob(".*partial*"))


def test_workers_that_cannot_start_are_no_fault_of_the_videos(videos, tmp_path):
    with pytest.raises(InputError, match="extraction workers must start, got one that died at once; see above why"):
        extract(videos, dead_in_a_worker, tmp_path, workers=LocalWorkers(2))
    assert not (tmp_path / "count/failed").exists()


def test_each_video_is_decoded_once_for_all_extractors(videos, tmp_path, monkeypatch):
    decoded = []
    original = one_video.iter_frames
    monkeypatch.setattr(one_video, "iter_frames", lambda path: (decoded.append(path.stem), original(path))[1])
    extract(videos[:2], lambda: [Count("one"), Count("two")], tmp_path)
    assert decoded == ["v0", "v1"]
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert one == two
    assert len(one) == 3


def test_finished_files_are_skipped(videos, tmp_path):
    extract(videos[:1], lambda: [Count()], tmp_path)
    before, Count.opened = contents(tmp_path / "count"), 0
    assert extract(videos[:1], lambda: [Count()], tmp_path) == {}
    assert extract(videos[:1], lambda: [Count(), Count("other")], tmp_path) == {"v0": None}
    assert Count.opened == 1  # only the other
    assert contents(tmp_path / "count") == before


def test_long_videos_come_in_chunks_of_a_fixed_size(tmp_path):
    num = 2 * one_video.CHUNK + 5
    write_video(tmp_path / "long.mp4", frames(0, num), fps=10)
    extract([Task("long", tmp_path / "long.mp4", num)], lambda: [Count()], tmp_path)
    assert json.loads((tmp_path / "count/long.json").read_text())["chunks"] == [32, 32, 5]


def test_workers_give_the_same_bytes_as_one_process(videos, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    alone = extract(videos, dis_and_farneback, one)
    shared = extract(videos, dis_and_farneback, two, workers=LocalWorkers(2))
    assert alone == shared
    assert [id for id, error in shared.items() if error is not None] == ["v2"]
    for stream in ("flow_dis", "flow_farneback"):
        assert contents(one / stream) == contents(two / stream)
        assert {"v0.flow", "v1.flow", "v3.flow", "provenance.json"} == set(contents(one / stream))


def test_flow_of_chunks_is_flow_of_the_whole(tmp_path, monkeypatch):
    write_video(tmp_path / "v.mp4", frames(0, 9), fps=10)
    task = Task("v", tmp_path / "v.mp4", 9)
    extract([task], dis_and_farneback, tmp_path / "whole")
    monkeypatch.setattr(one_video, "CHUNK", 4)  # 4 + 4 + 1 frames
    extract([task], dis_and_farneback, tmp_path / "parts")
    assert contents(tmp_path / "whole/flow_dis") == contents(tmp_path / "parts/flow_dis")
    flow = FlowFile(tmp_path / "whole/flow_dis/v.flow")
    assert flow.num == 8
    np.testing.assert_allclose(
        np.median(flow.read(np.arange(8))[..., 10:-10, 10:-10, :], axis=(1, 2)), [[1, 0]] * 8, atol=0.2
    )


def test_the_file_says_what_made_it(tmp_path):
    write_video(tmp_path / "v.mp4", frames(0), fps=10)
    extract([Task("v", tmp_path / "v.mp4", FRAMES)], dis_and_farneback, tmp_path)
    for stream in ("flow_dis", "flow_farneback"):
        folder = json.loads((tmp_path / stream / "provenance.json").read_text())
        assert FlowFile(tmp_path / stream / "v.flow").provenance == folder
        assert folder["estimator"] == stream.removeprefix("flow_")
        assert {"settings", "versions", "stored", "decoder"} <= set(folder)


def test_threads_give_the_same_bytes_and_stop_at_a_full_disk(videos, tmp_path, monkeypatch):
    monkeypatch.setattr(one_video, "CHUNK", 3)
    for spare, folder in ((1, tmp_path / "turns"), (16, tmp_path / "threads")):
        monkeypatch.setattr("modalities.extraction.workers.available_cores", lambda spare=spare: spare)
        extract(videos, dis_and_farneback, folder)
        extract(videos, lambda: [Count("a", fail_on=0), Count("b")], folder)
    for stream in ("flow_dis", "flow_farneback", "a", "b"):
        assert contents(tmp_path / "turns" / stream) == contents(tmp_path / "threads" / stream)
    assert len(contents(tmp_path / "threads/b")) == 4

    def full(*_):
        raise StorageError("no room")

    monkeypatch.setattr(FlowWriter, "add", full)
    with pytest.raises(StorageError, match="no room"):
        extract(videos, dis_and_farneback, tmp_path / "full")
    assert set(contents(tmp_path / "full/flow_dis")) == {"provenance.json"}


@pytest.mark.parametrize("threads", [False, True])
def test_the_next_chunk_is_decoded_beside_the_streams_of_this_one(threads):
    """Each waits for the other: only at once do they end."""
    meeting, order = Barrier(2), []

    def call(name):
        order.append(name)
        if threads:
            meeting.wait(60)
        return name

    with run_concurrently(threads=threads) as do:
        assert do([partial(call, "a"), partial(call, "b")]) == ["a", "b"]
    assert sorted(order) == ["a", "b"]


def test_seconds_are_told_by_kind_of_work(videos, tmp_path, monkeypatch):
    monkeypatch.setattr("modalities.extraction.workers.available_cores", lambda: 1)
    with open_run(videos, dis_and_farneback, tmp_path) as run:
        list(run)
    assert set(run.seconds) == {"decode", "flow", "write", "wait"}
    assert sum(run.seconds.values()) == pytest.approx(run.wall_seconds)  # one worker
    assert min(run.seconds.values()) > 0
    assert run.num_frames == 4 * FRAMES


def test_workers_must_be_positive():
    with pytest.raises(InputError, match="workers must be at least 1, got 0"):
        LocalWorkers(0)


def test_a_full_disk_ends_the_run(videos, tmp_path, monkeypatch):
    replace = os.replace

    def full(source, target):
        if target.name == "v1.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("modalities.atomic_files.os.replace", full)
        with pytest.raises(InputError, match=r"cannot write '.*v1.json': No space left on device"):
            extract(videos, lambda: [Count(), Count("other")], tmp_path)
    assert set(contents(tmp_path / "count")) == {"provenance.json", "v0.json"}
    assert not [path for path in tmp_path.rglob("*") if "partial" in path.name or path.parent.name == "failed"]
    assert extract(videos[:2], lambda: [Count()], tmp_path) == {"v1": None}
