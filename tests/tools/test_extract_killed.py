"""Extraction that is killed at random moments and run again gives the same bytes, and no half-written file."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_server import running_processes
from extraction_runs import NUM_GOOD, POSE_OPTIONS, copy_twice, num_written_files, read_written_files

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {"flow_dis": ".flow", "pose_tiny": ".npz"}
"""Suffix of each stream's files."""
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")


def start_extraction(data: Path) -> subprocess.Popen:
    options = ["--flow", "dis", *POSE_OPTIONS, "--workers", "2", "--json"]
    command = [sys.executable, str(ROOT / "tools/extract.py"), ".", *options]
    return subprocess.Popen(
        command, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def finished_files(data: Path) -> set[Path]:
    return {path for stream, suffix in SUFFIXES.items() for path in (data / stream).glob(f"[!.]*{suffix}")}


def all_files(data: Path) -> set[Path]:
    return {path for stream in SUFFIXES for path in (data / stream).glob("*")}


def kill_midway(data: Path, delay: float, list_files: Callable[[Path], set[Path]]) -> bool:
    """Start, wait for the first new file and ``delay`` seconds more, kill, and return whether it was running."""
    files_before = list_files(data)
    process = start_extraction(data)
    while process.poll() is None and not list_files(data) - files_before:
        time.sleep(0.002)
    time.sleep(delay)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 60
    while running_processes(process.pid):
        assert time.monotonic() < deadline, "workers outlive their killed parent"
        time.sleep(0.02)
    return was_running


def check_kills(tiny: Path, tmp_path: Path, *, num_kills: int) -> None:
    undisturbed, data, bad_id = copy_twice(tiny, tmp_path)
    assert start_extraction(undisturbed).wait() == 1  # for the bad video
    expected = read_written_files(undisturbed, SUFFIXES, root=undisturbed)
    assert len(expected) == num_written_files(len(SUFFIXES))
    assert {f"{stream}/failed/{bad_id}.json" for stream in SUFFIXES} <= set(expected)
    rng = random.Random(0)
    num_midway = 0
    while num_kills:
        # a busy machine may finish no file before kills that wait for half-written ones alone
        if kill_midway(data, rng.uniform(0, 0.25), finished_files if num_kills % 2 else all_files):
            num_kills -= 1
            num_midway += 0 < len(finished_files(data)) < len(SUFFIXES) * NUM_GOOD
        else:  # it was done before: compare, and begin anew
            assert read_written_files(data, SUFFIXES, root=undisturbed) == expected
            for stream in SUFFIXES:
                shutil.rmtree(data / stream)
            shutil.copy(tiny / "index.json", data / "index.json")
    assert num_midway
    assert start_extraction(data).wait() in (0, 1)
    assert read_written_files(data, SUFFIXES, root=undisturbed) == expected
    assert not [path for path in data.rglob("*") if "partial" in path.name]


def test_killed_extraction_is_resumed(tiny, tmp_path):
    check_kills(tiny, tmp_path, num_kills=3)


@pytest.mark.slow
def test_extraction_killed_thirty_times(tiny, tmp_path):
    check_kills(tiny, tmp_path, num_kills=30)
