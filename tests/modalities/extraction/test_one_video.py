import json
import tracemalloc

import numpy as np
import pytest
from count_extractor import (
    NUM_FRAMES,
    CountExtractor,
    bright_frames,
    build_counter,
    build_dis,
    build_dis_and_farneback,
    read_files,
    run_extraction,
    shifted_frames,
)

from triad.modalities.atomic_files import StorageError
from triad.modalities.extraction import Task, one_video, open_run
from triad.modalities.flow import FlowFile, FlowWriter
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import write_video


def test_two_chunks_are_in_memory():
    frame_size = 100 * 100 * 3
    frames = (np.zeros(frame_size, np.uint8) for _ in range(3 * one_video.CHUNK + 1))
    tracemalloc.start()
    lengths = []
    for chunk in one_video._iter_chunks(frames, Stopwatch()):
        lengths.append(len(chunk))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lengths == [one_video.CHUNK] * 3 + [1]
    assert peak < 2.2 * one_video.CHUNK * frame_size


def test_corrupt_video_does_not_stop_others(videos, tmp_path):
    errors = run_extraction(videos, build_counter, tmp_path)
    assert {id for id, error in errors.items() if error is None} == {"v0", "v1", "v3"}
    assert "v2.mp4" in errors["v2"]
    assert set(read_files(tmp_path / "count")) == {"provenance.json", "v0.json", "v1.json", "v3.json"}


def test_bug_in_one_video_is_recorded(videos, tmp_path):
    write_video(videos[2].video, bright_frames(), fps=10)
    errors = run_extraction(videos, lambda: [CountExtractor(fail_above=240)], tmp_path)
    assert errors == {"v0": None, "v1": None, "v2": "ZeroDivisionError: a bug", "v3": None}
    assert not (tmp_path / "count/v2.json").exists()
    assert not list((tmp_path / "count").glob(".*partial*"))


def test_failed_stream_does_not_stop_others(videos, tmp_path):
    write_video(videos[2].video, bright_frames(), fps=10)
    with open_run(videos, lambda: [CountExtractor("one", fail_above=240), CountExtractor("two")], tmp_path) as run:
        errors = {outcome.task.id: outcome.errors for outcome in run}
    assert errors == {"v0": {}, "v1": {}, "v2": {"one": "ZeroDivisionError: a bug"}, "v3": {}}
    assert set(read_files(tmp_path / "two")) - set(read_files(tmp_path / "one")) == {"v2.json"}


def test_video_is_decoded_once(videos, tmp_path, monkeypatch):
    decoded_videos = []
    iter_frames = one_video.iter_frames
    monkeypatch.setattr(one_video, "iter_frames", lambda path: (decoded_videos.append(path.stem), iter_frames(path))[1])
    run_extraction(videos[:2], lambda: [CountExtractor("one"), CountExtractor("two")], tmp_path)
    assert decoded_videos == ["v0", "v1"]
    assert read_files(tmp_path / "one") == read_files(tmp_path / "two")
    assert len(read_files(tmp_path / "one")) == 3


def test_chunks_have_a_fixed_size(tmp_path):
    num_frames = 2 * one_video.CHUNK + 5
    write_video(tmp_path / "long.mp4", shifted_frames(0, num_frames), fps=10)
    run_extraction([Task("long", tmp_path / "long.mp4", num_frames)], build_counter, tmp_path)
    assert json.loads((tmp_path / "count/long.json").read_text())["chunks"] == [32, 32, 5]


def test_chunked_flow_equals_whole_flow(tmp_path, monkeypatch):
    write_video(tmp_path / "v.mp4", shifted_frames(0, 9), fps=10)
    task = Task("v", tmp_path / "v.mp4", 9)
    run_extraction([task], build_dis, tmp_path / "whole")
    monkeypatch.setattr(one_video, "CHUNK", 4)  # 4 + 4 + 1 frames
    run_extraction([task], build_dis, tmp_path / "chunked")
    assert read_files(tmp_path / "whole/flow_dis") == read_files(tmp_path / "chunked/flow_dis")
    inner = FlowFile(tmp_path / "whole/flow_dis/v.flow").read(np.arange(8))[:, 10:-10, 10:-10]
    np.testing.assert_allclose(np.median(inner, axis=(1, 2)), [[1, 0]] * 8, atol=0.2)


def test_file_holds_the_provenance(tmp_path):
    write_video(tmp_path / "v.mp4", shifted_frames(0), fps=10)
    run_extraction([Task("v", tmp_path / "v.mp4", NUM_FRAMES)], build_dis_and_farneback, tmp_path)
    for stream in ("flow_dis", "flow_farneback"):
        provenance = json.loads((tmp_path / stream / "provenance.json").read_text())
        assert FlowFile(tmp_path / stream / "v.flow").provenance == provenance
        assert provenance["estimator"] == stream.removeprefix("flow_")
        assert {"settings", "versions", "stored", "decoder"} <= set(provenance)


def test_threads_give_the_same_bytes(videos, tmp_path, monkeypatch):
    monkeypatch.setattr(one_video, "CHUNK", 3)
    for num_cores, folder in ((1, tmp_path / "serial"), (16, tmp_path / "threads")):
        monkeypatch.setattr(
            "triad.modalities.extraction.workers.available_cores", lambda num_cores=num_cores: num_cores
        )
        run_extraction(videos, build_dis_and_farneback, folder)
        run_extraction(videos, lambda: [CountExtractor("a", fail_above=0), CountExtractor("b")], folder)
    for stream in ("flow_dis", "flow_farneback", "a", "b"):
        assert read_files(tmp_path / "serial" / stream) == read_files(tmp_path / "threads" / stream)
    assert len(read_files(tmp_path / "threads/b")) == 4


def test_full_disk_stops_threads(videos, tmp_path, monkeypatch):
    def fail_to_add(*_):
        raise StorageError("no room")

    monkeypatch.setattr("triad.modalities.extraction.workers.available_cores", lambda: 16)
    monkeypatch.setattr(FlowWriter, "add", fail_to_add)
    with pytest.raises(StorageError, match="no room"):
        run_extraction(videos, build_dis_and_farneback, tmp_path)
    assert set(read_files(tmp_path / "flow_dis")) == {"provenance.json"}
