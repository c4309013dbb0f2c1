"""Two commands that write one folder: the second is refused with who holds it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tool_runs import ROOT

JOINT = ROOT / "configs/fusion/late_fusion_minihome.py"
HOLD = """
import sys
from triad.modalities.folder_lock import lock_folder
with lock_folder(sys.argv[1], sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def hold():
    """Hold a folder in another process; return its number."""
    processes = []

    def start(folder, task):
        words = [sys.executable, "-c", HOLD, str(folder), task]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process.pid

    yield start
    for process in processes:
        process.kill()
        process.wait()


def test_second_training_is_refused(command, one_line, recipes, data, tmp_path, hold):
    config, small = recipes["skeleton"]
    work = tmp_path / "work"
    process = hold(work, "training")
    words = ["--data", data, "--work-dir", work, "--cfg-options", *small, "train_cfg.max_epochs=1"]
    for resume in ([], ["--resume"]):
        code, out, err = command("train.py", config, *resume, *words)
        assert (code, out) == (1, "")
        assert f"'{work}' must be written by one process at a time, got training of process {process} on" in one_line(
            err
        )
    assert [path.name for path in work.iterdir()] == [".lock"]


def test_second_preparation_is_refused(command, one_line, data, tmp_path, hold):
    out = tmp_path / "out"
    process = hold(out, "preparation")
    code, stdout, err = command("prepare.py", "folder", data / "videos", out)
    assert (code, stdout) == (1, "")
    assert f"'{out}' must be written by one process at a time, got preparation of process {process}" in one_line(err)
    assert [path.name for path in out.iterdir()] == [".lock"]


@pytest.mark.parametrize("tool", ["ablate.py", "compare.py"])
def test_second_series_of_trainings_is_refused(command, one_line, data, tmp_path, hold, tool):
    out = tmp_path / "out"
    process = hold(out, "comparison")
    retrain = ["--retrain"] if tool == "ablate.py" else []
    code, stdout, err = command(tool, JOINT, *retrain, "--data", data, "--out", out)
    assert (code, stdout) == (1, "")
    assert f"'{out}' must be written by one process at a time, got comparison of process {process}" in one_line(err)
    assert [path.name for path in out.iterdir()] == [".lock"]


def test_refused_option_leaves_no_folder(command, data, tmp_path):
    code, _, _ = command("prepare.py", "folder", tmp_path / "missing", tmp_path / "a" / "out")
    assert code == 1
    assert not (tmp_path / "a").exists()


def test_empty_pointer_resumes_newest(command, recipes, data, tmp_path, caplog):
    config, small = recipes["skeleton"]
    work = tmp_path / "work"
    brief = ["train_cfg.max_epochs=1", "train_cfg.val_interval=1", "train_dataloader.num_workers=0"]
    brief += ["train_dataloader.persistent_workers=False", "val_dataloader.num_workers=0"]
    words = ["--data", data, "--work-dir", work, "--cfg-options", *small, *brief]
    assert command("train.py", config, *words)[0] == 0
    (work / "last_checkpoint").write_bytes(b"")
    code, _, err = command("train.py", config, "--resume", *words)
    assert code == 0, err
    newest = work / "epoch_1.pth"
    assert caplog.messages[0] == (
        f"'{work / 'last_checkpoint'}' is empty: '{newest}' is taken, the newest sound checkpoint"
    )
    assert not (work / ".lock").exists()
