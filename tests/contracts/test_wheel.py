"""A wheel without its clone: commands, configs and the five lines of README."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tool_runs import ROOT

PROGRAM = """
import numpy as np, triad
model = triad.load("work", fps=10)
windows = [window for frame in np.zeros((30, 32, 48, 3), np.uint8) if (window := model.push(frame))]
print(len(windows), windows[0].label in model.classes, triad.__file__)
"""


SOURCES = ("configs", "fusion", "modalities", "tools", "triad")
FILES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def run(*words: object, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # of the clone
    process = subprocess.run(list(map(str, words)), cwd=cwd, env=environment, text=True, capture_output=True)
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.slow
def test_wheel_serves_without_its_clone(tmp_path):
    """It takes minutes and the package index: everything is installed anew."""
    source = tmp_path / "source"  # building leaves files behind
    for name in SOURCES:
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob("triad-*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    python, triad = tmp_path / "env/bin/python", tmp_path / "env/bin/triad"
    run(python, "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    assert "all required dependencies work" in run(triad, "doctor", cwd=tmp_path)
    assert "--work-dir" in run(triad, "train", "--help", cwd=tmp_path)
    run(triad, "prepare", "minihome", "data", "--clips", 1, cwd=tmp_path)
    options = ["streams.rgb.num_frames=2", "streams.rgb.transform.size=[28,28]", "train_cfg.max_epochs=1"]
    words = ["rgb/r2plus1d_small_minihome", "--data", "data", "--work-dir", "work"]
    run(triad, "train", *words, "--cfg-options", *options, cwd=tmp_path)
    number, is_class, file = run(python, "-c", PROGRAM, cwd=tmp_path).split()
    assert int(number) >= 1
    assert is_class == "True"
    assert file.startswith(str(tmp_path / "env"))
