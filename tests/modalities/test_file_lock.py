import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from triad.modalities.file_lock import file_lock

pytest.importorskip("fcntl")
HOLD = "import fcntl, sys, time; f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); {}"


def test_exclusive_lock_refuses_a_second(tmp_path):
    path = tmp_path / "deep/lock"
    with file_lock(path, wait=False) as first, file_lock(path, wait=False) as second:
        assert (first, second) == (True, False)
    with file_lock(path, wait=False) as third:
        assert third


def test_shared_locks_exclude_exclusive_ones(tmp_path):
    path = tmp_path / "lock"
    with file_lock(path, wait=False, shared=True) as first, file_lock(path, wait=False, shared=True) as second:
        assert first
        assert second
        with file_lock(path, wait=False) as exclusive:
            assert not exclusive
    with file_lock(path, wait=False), file_lock(path, wait=False, shared=True) as shared:
        assert not shared


def test_lock_of_killed_process_is_free(tmp_path):
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD.format("time.sleep(60)"), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with file_lock(path, wait=False) as acquired:
            assert not acquired
        process.kill()
        process.wait()
        with file_lock(path, wait=False) as acquired:
            assert acquired


def test_waiting_lock_serializes_threads(tmp_path):
    counter = tmp_path / "count"
    counter.write_text("0")

    def count(_):
        with file_lock(tmp_path / "lock", wait=True) as acquired:
            assert acquired
            counter.write_text(str(int(counter.read_text()) + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(200)))
    assert counter.read_text() == "200"
