import errno
import json
import os

import pytest
from count_extractor import (
    NUM_FRAMES,
    CountExtractor,
    build_counter,
    build_dis,
    read_files,
    run_extraction,
    shifted_frames,
)

from triad.modalities.checks import InputError
from triad.modalities.extraction import StreamStore, Task, open_run, verify_stream
from triad.modalities.video import write_video


def test_finished_files_are_skipped(videos, tmp_path):
    run_extraction(videos[:1], build_counter, tmp_path)
    files = read_files(tmp_path / "count")
    CountExtractor.num_opened = 0
    assert run_extraction(videos[:1], build_counter, tmp_path) == {}
    errors = run_extraction(videos[:1], lambda: [CountExtractor(), CountExtractor("other")], tmp_path)
    assert errors == {"v0": None}
    assert CountExtractor.num_opened == 1  # only the other stream
    assert read_files(tmp_path / "count") == files


def test_failures_are_skipped_until_retry(videos, tmp_path):
    run_extraction(videos, build_counter, tmp_path)
    store = StreamStore.to_write(CountExtractor(), tmp_path)
    assert [store.state(task).kind for task in videos] == ["done", "done", "failed", "done"]
    assert "v2.mp4', which is text" in store.state(videos[2]).reason
    assert run_extraction(videos, build_counter, tmp_path) == {}
    assert list(run_extraction(videos, build_counter, tmp_path, retry_failed=True)) == ["v2"]
    assert store.state(videos[2]).kind == "failed"


def test_repaired_video_is_tried_again(videos, tmp_path):
    run_extraction(videos, build_counter, tmp_path)
    write_video(videos[2].video, shifted_frames(2), fps=10)
    assert run_extraction(videos, build_counter, tmp_path) == {"v2": None}
    assert not (tmp_path / "count/failed/v2.json").exists()


def test_changed_index_is_tried_again(videos, tmp_path):
    wrong_task = Task("v0", videos[0].video, NUM_FRAMES + 1)
    (error,) = run_extraction([wrong_task], build_counter, tmp_path).values()
    assert "must have 8 frames as the index says, got 7; prepare the dataset again" in error
    assert not (tmp_path / "count/v0.json").exists()
    assert run_extraction([wrong_task], build_counter, tmp_path) == {}
    assert run_extraction(videos[:1], build_counter, tmp_path) == {"v0": None}


def test_seconds_by_kind_of_work(videos, tmp_path, monkeypatch):
    monkeypatch.setattr("triad.modalities.extraction.workers.available_cores", lambda: 1)
    with open_run(videos, build_dis, tmp_path) as run:
        list(run)
    assert set(run.seconds) == {"decode", "flow", "write", "wait"}
    assert sum(run.seconds.values()) == pytest.approx(run.wall_seconds)  # one worker
    assert min(run.seconds.values()) > 0
    assert run.num_frames == 4 * NUM_FRAMES


def test_full_disk_ends_the_run(videos, tmp_path, monkeypatch):
    replace = os.replace

    def replace_but_v1(source, target):
        if target.name == "v1.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("triad.modalities.atomic_files.os.replace", replace_but_v1)
        with pytest.raises(InputError, match=r"cannot write '.*v1.json': No space left on device"):
            run_extraction(videos, lambda: [CountExtractor(), CountExtractor("other")], tmp_path)
    assert set(read_files(tmp_path / "count")) == {"provenance.json", "v0.json"}
    assert not [path for path in tmp_path.rglob("*") if "partial" in path.name or path.parent.name == "failed"]
    assert run_extraction(videos[:2], build_counter, tmp_path) == {"v1": None}


def test_partial_files_are_removed(videos, tmp_path):
    StreamStore.to_write(CountExtractor(), tmp_path).prepare()
    (tmp_path / "count/failed").mkdir()
    partial_file = tmp_path / "count/.v0.abcd1234.partial.json"
    for path in (partial_file, "count/failed/.v0.abcd1234.partial.json", "count/.provenance.abcd1234.partial.json"):
        (tmp_path / path).write_text("half")
    run_extraction(videos[1:], build_counter, tmp_path)
    assert partial_file.exists()  # not of these tasks: it may be another shard's
    run_extraction(videos, build_counter, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if "partial" in path.name]


def test_verify_needs_the_same_settings(videos, tmp_path):
    run_extraction(videos[:1], build_counter, tmp_path)
    with pytest.raises(InputError, match="'settings' of this extraction must be 1"):
        list(verify_stream(videos, StreamStore.to_write(CountExtractor(setting=2), tmp_path)))


def test_verify_removes_damaged_files(videos, tmp_path):
    run_extraction(videos[:2], build_counter, tmp_path)
    path = tmp_path / "count/v1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "bad": 1}))
    states = {task.id: state for task, state in verify_stream(videos, StreamStore.to_read(CountExtractor(), tmp_path))}
    assert [state.kind for state in states.values()] == ["done", "damaged", "missing", "missing"]
    assert states["v1"].reason == f"'{path}' is bad"
    assert not path.exists()
