from contextlib import ExitStack
from pathlib import Path

import pytest
from count_extractor import CountExtractor, build_counter, read_files, run_extraction

from triad.modalities.checks import InputError
from triad.modalities.extraction import Shard, StreamStore, Task, lock_shard, open_run
from triad.modalities.file_lock import file_lock


def make_tasks(*lengths):
    return [Task(f"v{number}", Path(f"{number}.mp4"), length) for number, length in enumerate(lengths)]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_shards_are_disjoint_and_complete(count):
    tasks = make_tasks(*range(1, 17))
    shards = [Shard(number, count).select(tasks) for number in range(1, count + 1)]
    assert sorted(task.num_frames for shard in shards for task in shard) == list(range(1, 17))
    sizes = [len(shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1


def test_shards_depend_on_videos_alone():
    tasks = make_tasks(5, 9, 5, 2)
    assert [task.id for task in Shard(1, 2).select(tasks)] == ["v1", "v2"]  # 9 | 5 (v0) | 5 (v2) | 2
    assert [task.id for task in Shard(2, 2).select(tasks[::-1])] == ["v0", "v3"]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "a/b", "-1/4", "1/4/2"])
def test_invalid_shards_are_refused(text):
    with pytest.raises(InputError, match="shard must be i/n with i from 1 to n, as 1/4, got"):
        Shard.parse(text)


def test_shards_together_equal_one_run(videos, tmp_path):
    whole = tmp_path / "whole"
    sharded = tmp_path / "sharded"
    errors = run_extraction(videos, build_counter, whole)
    shard_errors = [run_extraction(videos, build_counter, sharded, shard=Shard(number, 3)) for number in (3, 1, 2)]
    assert sorted(map(len, shard_errors)) == [1, 1, 2]
    assert shard_errors[0] | shard_errors[1] | shard_errors[2] == errors
    assert read_files(whole / "count") == read_files(sharded / "count")
    assert read_files(whole / "count/failed") == read_files(sharded / "count/failed")
    assert run_extraction(videos, build_counter, sharded) == {}


def test_concurrent_shards_do_not_interfere(videos, tmp_path):
    """A run that starts and ends while another is midway neither removes nor writes its files."""
    with ExitStack() as stack:
        runs = [
            stack.enter_context(open_run(videos, build_counter, tmp_path, shard=Shard(number, 2))) for number in (1, 2)
        ]
        first = iter(runs[0])
        next(first)
        partial_file = tmp_path / f"count/.{runs[0].tasks[1].id}.abcd1234.partial.json"
        partial_file.write_text("being written by the first")
        provenance = (tmp_path / "count/provenance.json").stat().st_ino
        list(runs[1])
        assert partial_file.exists()
        assert (tmp_path / "count/provenance.json").stat().st_ino == provenance
        list(first)
    assert not partial_file.exists()
    store = StreamStore.to_write(CountExtractor(), tmp_path)
    assert [store.state(task).kind for task in videos] == ["done", "done", "failed", "done"]


@pytest.mark.parametrize(
    ("running", "requested", "message"),
    [
        ("1/2", "1/2", "shard 1/2 of '.*' must be made by one run at a time, got a second one; wait until"),
        ("1/1", "1/1", "shard 1/1 of '.*' must be made by one run at a time"),
        ("2/2", "1/3", "must agree on 3 shards, got one of shard 2/2; wait until it is done, or end it"),
        ("2/2", "1/1", "must agree on 1 shards, got one of shard 2/2"),
        ("1/1", "2/2", "must agree on 2 shards, got one of shard 1/1"),
    ],
)
def test_overlapping_runs_are_refused(tmp_path, running, requested, message):
    with (
        lock_shard([tmp_path], Shard.parse(running)),
        pytest.raises(InputError, match=message),
        lock_shard([tmp_path], Shard.parse(requested)),
    ):
        pass
    with lock_shard([tmp_path], Shard.parse(requested)):  # the other run has ended
        pass


def test_shards_of_one_count_run_concurrently(tmp_path):
    with lock_shard([tmp_path], Shard()):
        pass  # leaves the lock of a whole run, which every shard checks
    with file_lock(tmp_path / ".locks/1-of-1", wait=False, shared=True), ExitStack() as stack:
        for number in (1, 2, 3):
            stack.enter_context(lock_shard([tmp_path], Shard(number, 3)))
