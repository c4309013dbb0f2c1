import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from count_extractor import Count, contents, extract

from modalities.checks import InputError
from modalities.extraction import Shard, Task, lock_shard, open_run
from modalities.extraction.stream_store import StreamStore
from modalities.file_lock import file_lock


def counting():
    return [Count()]


def tasks_of(*lengths):
    return [Task(f"v{number}", Path(f"{number}.mp4"), length) for number, length in enumerate(lengths)]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_shards_are_disjoint_and_complete_and_even(count):
    tasks = tasks_of(*range(1, 17))
    shards = [Shard(number, count).select(tasks) for number in range(1, count + 1)]
    assert sorted(task.num_frames for shard in shards for task in shard) == list(range(1, 17))
    sizes = [len(shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1


def test_shards_depend_on_the_videos_alone():
    tasks = tasks_of(5, 9, 5, 2)
    assert [task.id for task in Shard(1, 2).select(tasks)] == ["v1", "v2"]  # 9 | 5 (v0) | 5 (v2) | 2
    assert [task.id for task in Shard(2, 2).select(tasks[::-1])] == ["v0", "v3"]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "a/b", "-1/4", "1/4/2"])
def test_what_is_no_shard(text):
    with pytest.raises(InputError, match="shard must be i/n with i from 1 to n, as 1/4, got"):
        Shard.parse(text)


def test_shards_together_are_one_run(videos, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    alone = extract(videos, counting, whole)
    shared = [extract(videos, counting, parts, shard=Shard.parse(f"{number}/3")) for number in (3, 1, 2)]
    assert sorted(map(len, shared)) == [1, 1, 2]
    assert alone == shared[0] | shared[1] | shared[2]
    assert contents(whole / "count") == contents(parts / "count")
    assert contents(whole / "count/failed") == contents(parts / "count/failed")
    assert extract(videos, counting, parts) == {}


def test_shards_at_once_keep_out_of_each_others_way(videos, tmp_path):
    """Each is opened while the other is midway: nothing is swept or written that is another's."""
    with ExitStack() as stack:
        runs = [stack.enter_context(open_run(videos, counting, tmp_path, shard=Shard(number, 2))) for number in (1, 2)]
        first = iter(runs[0])
        next(first)
        other = tmp_path / f"count/.{runs[0].tasks[1].id}.abcd1234.partial.json"
        other.write_text("being written by the first")
        provenance = (tmp_path / "count/provenance.json").stat().st_ino
        list(runs[1])
        assert other.exists()
        assert (tmp_path / "count/provenance.json").stat().st_ino == provenance
        list(first)
    assert not other.exists()
    store = StreamStore.to_write(Count(), tmp_path)
    assert [store.state(task).kind for task in videos] == ["done", "done", "failed", "done"]


def test_the_first_note_on_provenance_stays(tmp_path, monkeypatch):
    """Two shards of other settings that find no note at the same moment: the second one is refused."""
    StreamStore.to_write(Count(setting=1), tmp_path).prepare()
    exists = Path.exists
    blind = [tmp_path / "count/provenance.json"]
    monkeypatch.setattr(Path, "exists", lambda self: not (blind and self == blind[0] and blind.pop()) and exists(self))
    with pytest.raises(InputError, match="'settings' of this extraction must be 1"):
        StreamStore.to_write(Count(setting=2), tmp_path).prepare()
    assert not blind
    assert json.loads((tmp_path / "count/provenance.json").read_text())["settings"] == 1
    assert list(contents(tmp_path / "count")) == ["provenance.json"]


@pytest.mark.parametrize(
    ("held", "asked", "message"),
    [
        ("1/2", "1/2", "shard 1/2 of '.*' must be made by one run at a time, got a second one; wait until"),
        ("1/1", "1/1", "shard 1/1 of '.*' must be made by one run at a time"),
        ("2/2", "1/3", "must agree on 3 shards, got one of shard 2/2; wait until it is done, or end it"),
        ("2/2", "1/1", "must agree on 1 shards, got one of shard 2/2"),
        ("1/1", "2/2", "must agree on 2 shards, got one of shard 1/1"),
    ],
)
def test_runs_that_would_meet_are_refused(tmp_path, held, asked, message):
    refused = pytest.raises(InputError, match=message)
    with lock_shard([tmp_path], Shard.parse(held)), refused, lock_shard([tmp_path], Shard.parse(asked)):
        pass
    with lock_shard([tmp_path], Shard.parse(asked)):  # when it has ended
        pass


def test_shards_of_one_count_start_and_run_at_once(tmp_path):
    with lock_shard([tmp_path], Shard()):
        pass  # a whole run has left its lock, at which every shard looks
    with file_lock(tmp_path / ".locks/1-of-1", wait=False, shared=True), ExitStack() as stack:
        for number in (1, 2, 3):
            stack.enter_context(lock_shard([tmp_path], Shard(number, 3)))
