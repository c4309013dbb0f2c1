"""Extraction on a Ray cluster of this machine: the bytes of a local run, whatever becomes of workers and nodes."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from count_extractor import FRAMES, Count, contents, extract

from modalities.checks import InputError
from modalities.extraction import ray_workers
from modalities.extraction.ray_workers import RayWorkers
from modalities.video import write_video

ROOT = Path(__file__).resolve().parents[3]
STREAMS = ("flow_farneback", "pose_tiny")
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of one node with one CPU; tests add nodes."""
    pytest.importorskip("ray", reason="ray is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # 15 by default: on a busy machine they hardly move
        patch.setenv("PYTHONPATH", str(ROOT / "tests/support"))  # workers find count_extractor
        from ray.cluster_utils import Cluster

        made = Cluster(initialize_head=True, head_node_args=NODE)
        yield made
        made.shutdown()


def deadly():
    return [Count(die_on=240), Count("other")]


def picky():
    return [Count(setting=2)]


def command(data: Path, *words: object) -> subprocess.Popen:
    """Flow and poses by the command, from the folder itself: its workers must find files named as seen from there."""
    line = [sys.executable, ROOT / "tools/extract.py", ".", "--flow", "farneback", "--json", *words]
    return subprocess.Popen(list(map(str, line)), cwd=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_video_that_kills_its_worker_twice_has_failed_and_the_others_are_as_from_here(videos, tmp_path, cluster):
    local, remote = tmp_path / "local", tmp_path / "remote"
    assert [reason is None for reason in extract(videos, deadly, local).values()] == [True, True, False, True]
    write_video(videos[3].video, [np.full((60, 80, 3), 250, np.uint8)] * FRAMES, fps=10)
    reasons = extract(videos, deadly, remote, workers=RayWorkers(cluster.address, num_workers=2))
    assert "the process that worked on it died, twice" in reasons.pop("v3")
    assert "v2.mp4' (Invalid data" in reasons.pop("v2")
    assert reasons == {"v0": None, "v1": None}
    for stream in ("count", "other"):
        wanted = contents(local / stream)
        del wanted["v3.json"]
        assert contents(remote / stream) == wanted
    assert extract(videos, deadly, remote, workers=RayWorkers(cluster.address)) == {}


@pytest.mark.slow
def test_what_a_worker_finds_wrong_is_one_line(videos, tmp_path, cluster, monkeypatch):
    """Here av of another version made the store, and the worker's would make other files."""
    monkeypatch.setattr("av.__version__", "0.1")
    with pytest.raises(InputError, match=r"^'decoder' of this extraction must be {'av': '0.1'} as .*, got {'av': '1"):
        extract(videos, picky, tmp_path, workers=RayWorkers(cluster.address))
    assert not (tmp_path / "count/failed").exists()


@pytest.mark.slow
def test_a_worker_that_lacks_a_module_is_one_line(videos, tmp_path, cluster, monkeypatch):
    (tmp_path / "only_here.py").write_text("from count_extractor import Count\ndef build(): return [Count()]\n")
    monkeypatch.syspath_prepend(tmp_path)
    build = importlib.import_module("only_here").build
    with pytest.raises(InputError, match=r"^Ray workers must start, got .* module named 'only_here'; "):
        extract(videos, build, tmp_path, workers=RayWorkers(cluster.address))


def test_a_cluster_that_is_not_there(videos, tmp_path):
    pytest.importorskip("ray", reason="ray is not installed")
    match = r"--ray must be the address of a Ray cluster, got 'nowhere' \(.*\); start one with"
    with pytest.raises(InputError, match=match):
        extract(videos, picky, tmp_path, workers=RayWorkers("nowhere"))


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"--ray must find the package ray, got none; pip install 'triad\[cluster\]'"):
        RayWorkers("auto")


def test_nobody_starts_for_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(ray_workers, "_import_ray", lambda: None)
    assert extract([], picky, tmp_path, workers=RayWorkers("nowhere")) == {}


@pytest.mark.slow
def test_a_node_killed_midway_changes_nothing(tiny, tmp_path, cluster):
    # workers import this file and do not find it
    from extraction_runs import NUM_GOOD, POSE, num_written, two_folders, written

    whole, data, bad = two_folders(tiny, tmp_path)
    assert command(whole, *POSE).wait() == 1  # for the bad one
    node = cluster.add_node(**NODE)
    run = command(data, *POSE, "--ray", cluster.address)
    patience = time.monotonic() + 300
    while len(list(data.glob("flow_farneback/*.flow"))) < 5 and run.poll() is None:
        assert time.monotonic() < patience
        time.sleep(0.02)
    cluster.remove_node(node, allow_graceful=False)  # SIGKILL for its raylet
    left = NUM_GOOD - len(list(data.glob("flow_farneback/*.flow")))
    said, err = run.communicate(timeout=300)
    assert run.returncode == 1, err
    document = json.loads(said)
    assert left > 10, "the node was killed when nearly all was done"
    assert document["profile"]["workers"] == 2
    assert [(row["extracted"], row["failed"]) for row in document["streams"]] == [(NUM_GOOD, 1)] * 2
    found = written(data, STREAMS, named=whole)
    assert found == written(whole, STREAMS, named=whole)
    assert len(found) == num_written(len(STREAMS))
    assert {f"{stream}/failed/{bad}.json" for stream in STREAMS} <= set(found)
    assert not [path for path in data.rglob("*") if "partial" in path.name]
