"""Extraction on a Ray cluster of this machine gives the bytes of a local run, also when workers and nodes are lost."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from count_extractor import CountExtractor, bright_frames, read_files, run_extraction

from triad.modalities.checks import InputError
from triad.modalities.extraction import ray_workers
from triad.modalities.extraction.ray_workers import RayWorkers
from triad.modalities.video import write_video

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

        ray_cluster = Cluster(initialize_head=True, head_node_args=NODE)
        yield ray_cluster
        ray_cluster.shutdown()


def build_deadly():
    return [CountExtractor(die_above=240), CountExtractor("other")]


def build_other_settings():
    return [CountExtractor(setting=2)]


def start_extraction(data: Path, *options: object) -> subprocess.Popen:
    """Start the command in the folder itself: its workers must find files by paths relative to it."""
    command = [sys.executable, ROOT / "tools/extract.py", ".", "--flow", "farneback", "--json", *options]
    return subprocess.Popen(
        list(map(str, command)), cwd=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_video_that_kills_workers_has_failed(videos, tmp_path, cluster):
    local_errors = run_extraction(videos, build_deadly, tmp_path / "local")
    assert [id for id, error in local_errors.items() if error] == ["v2"]
    write_video(videos[3].video, bright_frames(), fps=10)
    remote = tmp_path / "remote"
    errors = run_extraction(videos, build_deadly, remote, workers=RayWorkers(cluster.address, num_workers=2))
    assert "the process that worked on it died, twice" in errors.pop("v3")
    assert "v2.mp4', which is text" in errors.pop("v2")
    assert errors == {"v0": None, "v1": None}
    for stream in ("count", "other"):
        expected = read_files(tmp_path / "local" / stream)
        del expected["v3.json"]
        assert read_files(remote / stream) == expected
    assert run_extraction(videos, build_deadly, remote, workers=RayWorkers(cluster.address)) == {}


@pytest.mark.slow
def test_other_versions_are_refused(videos, tmp_path, cluster, monkeypatch):
    """On this machine another version of av made the store, and the worker's would make other files."""
    monkeypatch.setattr("av.__version__", "0.1")
    with pytest.raises(InputError, match=r"^'decoder' of this extraction must be {'av': '0.1'} as .*, got {'av': '1"):
        run_extraction(videos, build_other_settings, tmp_path, workers=RayWorkers(cluster.address))
    assert not (tmp_path / "count/failed").exists()


@pytest.mark.slow
def test_missing_module_is_one_line(videos, tmp_path, cluster, monkeypatch):
    (tmp_path / "only_here.py").write_text(
        "import count_extractor\ndef build(): return count_extractor.build_counter()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    build = importlib.import_module("only_here").build
    with pytest.raises(InputError, match=r"^Ray workers must start, got .* module named 'only_here'; "):
        run_extraction(videos, build, tmp_path, workers=RayWorkers(cluster.address))


def test_unknown_address_is_refused(videos, tmp_path):
    pytest.importorskip("ray", reason="ray is not installed")
    match = r"--ray must be the address of a Ray cluster, got 'nowhere' \(.*\); start one with"
    with pytest.raises(InputError, match=match):
        run_extraction(videos, build_other_settings, tmp_path, workers=RayWorkers("nowhere"))


def test_missing_ray_names_its_installation(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"--ray must find the package ray, got none; pip install 'triad\[cluster\]'"):
        RayWorkers("auto")


def test_nothing_starts_without_jobs(tmp_path, monkeypatch):
    monkeypatch.setattr(ray_workers, "_import_ray", lambda: None)
    assert run_extraction([], build_other_settings, tmp_path, workers=RayWorkers("nowhere")) == {}


@pytest.mark.slow
def test_killed_node_changes_nothing(tiny, tmp_path, cluster):
    # workers import this file and do not find it
    from extraction_runs import NUM_GOOD, POSE_OPTIONS, copy_twice, num_written_files, read_written_files

    undisturbed, data, bad_id = copy_twice(tiny, tmp_path)
    assert start_extraction(undisturbed, *POSE_OPTIONS).wait() == 1  # for the bad video
    node = cluster.add_node(**NODE)
    process = start_extraction(data, *POSE_OPTIONS, "--ray", cluster.address)
    deadline = time.monotonic() + 300
    while len(list(data.glob("flow_farneback/*.flow"))) < 5 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    cluster.remove_node(node, allow_graceful=False)  # SIGKILL for its raylet
    remaining = NUM_GOOD - len(list(data.glob("flow_farneback/*.flow")))
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 1, stderr
    document = json.loads(stdout)
    assert remaining > 10, "the node was killed when nearly all was done"
    assert document["profile"]["workers"] == 2
    assert [(row["extracted"], row["failed"]) for row in document["streams"]] == [(NUM_GOOD, 1)] * 2
    files = read_written_files(data, STREAMS, root=undisturbed)
    assert files == read_written_files(undisturbed, STREAMS, root=undisturbed)
    assert len(files) == num_written_files(len(STREAMS))
    assert {f"{stream}/failed/{bad_id}.json" for stream in STREAMS} <= set(files)
    assert not [path for path in data.rglob("*") if "partial" in path.name]
