"""Extraction ended by SIGKILL at random moments, then run again: the same bytes, and nothing half-written."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from extraction_runs import NUM_GOOD, POSE, num_written, two_folders, written

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")


STREAMS = {"flow_dis": ".flow", "pose_tiny": ".npz"}


def start(data: Path) -> subprocess.Popen:
    words = [sys.executable, str(ROOT / "tools/extract.py"), ".", "--flow", "dis", *POSE, "--workers", "2", "--json"]
    return subprocess.Popen(
        words, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def finished(data: Path) -> int:
    return sum(len(list((data / stream).glob(f"[!.]*{suffix}"))) for stream, suffix in STREAMS.items())


def living(session: int) -> list[int]:
    """Processes of a session, ended ones that nobody has waited for apart."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, number = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it has just ended
            continue
        if int(number) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def kill_midway(data: Path, delay: float) -> bool:
    """Start, wait for the first new file and ``delay`` seconds more, kill; whether there was something to kill."""

    def there() -> set[Path]:
        return {path for stream in STREAMS for path in (data / stream).glob("*")}

    seen = there()
    process = start(data)
    while process.poll() is None and not there() - seen:
        time.sleep(0.002)
    time.sleep(delay)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    patience = time.monotonic() + 60
    while living(process.pid):
        assert time.monotonic() < patience, "workers outlive their killed parent"
        time.sleep(0.02)
    return running


def check_kills(tiny: Path, tmp_path: Path, *, kills: int) -> None:
    whole, data, bad = two_folders(tiny, tmp_path)
    assert start(whole).wait() == 1  # for the bad one
    wanted = written(whole, STREAMS, named=whole)
    assert len(wanted) == num_written(len(STREAMS))
    assert {f"{stream}/failed/{bad}.json" for stream in STREAMS} <= set(wanted)
    rng, midway = random.Random(0), 0
    while kills:
        if kill_midway(data, rng.uniform(0, 0.25)):
            kills -= 1
            midway += 0 < finished(data) < len(STREAMS) * NUM_GOOD
        else:  # it was done: is it right? Then from the start
            assert written(data, STREAMS, named=whole) == wanted
            for stream in STREAMS:
                shutil.rmtree(data / stream)
            shutil.copy(tiny / "index.json", data / "index.json")
    assert midway
    assert start(data).wait() in (0, 1)
    assert written(data, STREAMS, named=whole) == wanted
    assert not [path for path in data.rglob("*") if "partial" in path.name]


def test_killed_and_resumed(tiny, tmp_path):
    check_kills(tiny, tmp_path, kills=5)


@pytest.mark.slow
def test_killed_thirty_times(tiny, tmp_path):
    check_kills(tiny, tmp_path, kills=30)
