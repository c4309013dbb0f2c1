"""No command asks for a name or connects to the internet, and no library leaves an identity of the device.

A socket alone is allowed: urllib3, which torch-geometric imports, opens one to see whether the machine has IPv6.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jhmdb_files import write_jhmdb
from tiny_networks import write_detector, write_heatmaps
from tool_runs import CONFIGS, IN_PROCESS, ROOT

DRIVER = """
import json, runpy, sys
sys.path.insert(0, "tools")
for name, *words in json.loads(sys.argv[1]):
    sys.argv = [name, *words]
    try:
        runpy.run_path(f"tools/{name}", run_name="__main__")
    except SystemExit as end:
        assert not end.code, (name, end.code)
"""


@pytest.fixture
def run_watched(tmp_path):
    """Run commands in one new process whose network calls are noted; return the notes and the files in its home."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs a C compiler on Linux")
    library = tmp_path / "network_watch.so"
    source = ROOT / "tests/support/network_watch.c"
    subprocess.run([compiler, "-shared", "-fPIC", str(source), "-o", str(library), "-ldl"], check=True)
    home = tmp_path / "home"
    home.mkdir()

    def run(*commands: list[object]) -> tuple[str, list[Path]]:
        log = tmp_path / "network.log"
        log.touch()
        paths = {"HOME": str(home), "NETWORK_LOG": str(log), "LD_PRELOAD": str(library)}
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **paths}
        words = json.dumps([[str(word) for word in command] for command in commands])
        result = subprocess.run(
            [sys.executable, "-c", DRIVER, words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert result.returncode == 0, result.stderr
        return log.read_text(), [path for path in home.rglob("*") if path.is_file()]

    return run


def test_watch_sees_a_look_up(run_watched, tmp_path):
    program = tmp_path / "asks.py"
    program.write_text("import socket\ntry:\n    socket.getaddrinfo('example.org', 80)\nexcept OSError:\n    pass\n")
    notes, _ = run_watched([os.path.relpath(program, ROOT / "tools")])
    assert notes == "getaddrinfo example.org\n"


def test_commands_ask_nobody(run_watched, data, tmp_path):
    work = tmp_path / "rgb"
    clip = next(data.rglob("*.mp4"))
    pose = ["--pose", "tiny", "--pose-weights", write_heatmaps(tmp_path / "pose.onnx")]
    detector = ["--detector", write_detector(tmp_path / "detector.onnx", [(8, 8, 40, 60, 0.9)])]
    small = ["streams.rgb.num_frames=2", "streams.rgb.transform.size=[28,28]", "train_cfg.max_epochs=1", *IN_PROCESS]
    notes, files = run_watched(
        ["extract.py", data, "--flow", "dis", *pose, *detector, "--workers", 1],
        ["train.py", CONFIGS["rgb"], "--data", data, "--work-dir", work, "--cfg-options", *small],
        ["test.py", CONFIGS["rgb"], work, "--data", data, "--dump", tmp_path / "test.npz", "--cfg-options", *small],
        ["export.py", work / "r2plus1d_small_minihome.py", work, tmp_path / "rgb.onnx"],
        ["predict.py", clip, "--checkpoint", tmp_path / "rgb.onnx", "--out", tmp_path / "predicted"],
    )
    assert notes == ""
    assert_no_identity(files)


def test_commands_about_files_ask_nobody(run_watched, data, scored, tmp_path):
    source = write_jhmdb(tmp_path / "source", next(data.rglob("*.mp4")))
    scores = [scored("test", range(8)), "--fit", scored("val", range(8))]
    notes, files = run_watched(
        ["prepare.py", "jhmdb", source, tmp_path / "prepared"],
        ["prepare.py", "--check", data],
        ["show.py", data, "left_s01", "--out", tmp_path / "clip.png"],
        ["fuse.py", *scores, "--out", tmp_path / "fused.npz", "--save", tmp_path / "fused.skops"],
        ["ablate.py", *scores, "--out", tmp_path / "ablation"],
        ["weights.py", "list"],
        ["weights.py", "check"],
        ["doctor.py"],
    )
    assert set(notes.splitlines()) <= {"getaddrinfo localhost"}  # Ray, which doctor imports, asks for the own machine
    assert_no_identity(files)


def assert_no_identity(files: list[Path]) -> None:
    """Check that no library has left an identity of the device in the home folder."""
    assert not [path for path in files if "Microsoft" in path.parts or "deviceid" in path.name]
