import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from modalities.file_lock import file_lock

pytest.importorskip("fcntl")
HOLD = "import fcntl, sys, time; f = open(sys.argv[1], 'ab'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); {}"


def test_one_holds_it_and_others_are_told(tmp_path):
    path = tmp_path / "deep/lock"
    with file_lock(path, wait=False) as first, file_lock(path, wait=False) as second:
        assert (first, second) == (True, False)
    with file_lock(path, wait=False) as again:
        assert again


def test_those_who_share_keep_out_only_those_who_do_not(tmp_path):
    path = tmp_path / "lock"
    with file_lock(path, wait=False, shared=True) as one, file_lock(path, wait=False, shared=True) as two:
        assert one
        assert two
        with file_lock(path, wait=False) as alone:
            assert not alone
    with file_lock(path, wait=False), file_lock(path, wait=False, shared=True) as beside:
        assert not beside


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    path = tmp_path / "lock"
    words = [sys.executable, "-c", HOLD.format("time.sleep(60)"), str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with file_lock(path, wait=False) as held:
            assert not held
        process.kill()
        process.wait()
        with file_lock(path, wait=False) as held:
            assert held


def test_waiting_lets_nobody_in_between(tmp_path):
    counter = tmp_path / "count"
    counter.write_text("0")

    def count(_):
        with file_lock(tmp_path / "lock", wait=True) as held:
            assert held
            counter.write_text(str(int(counter.read_text()) + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(200)))
    assert counter.read_text() == "200"
