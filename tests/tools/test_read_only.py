"""Commands that read work on folders that cannot be written, as shared datasets and models are."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from predicted_streams import CLIP, SHORT_RUN, SMALL_STREAMS
from tool_runs import CONFIGS

from triad.fusion.predictions import Predictions


def mount(*words: str) -> None:
    process = subprocess.run(["mount", *words], capture_output=True, text=True)
    if process.returncode:
        pytest.skip(f"root writes everywhere, and mounting takes rights that it lacks here: {process.stderr.strip()}")


def set_modes(folder: Path, mode: int) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode)


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """Make a folder read-only: for root by a mount, which root obeys, for others by its mode."""
    undo: list[Callable[[], object]] = []

    def protect(folder: Path) -> None:
        if os.geteuid():
            set_modes(folder, 0o555)
            undo.append(partial(set_modes, folder, 0o755))
        else:
            mount("--bind", str(folder), str(folder))
            undo.append(partial(subprocess.run, ["umount", "-l", str(folder)], check=True))
            mount("-o", "remount,ro,bind", str(folder))
        with pytest.raises(OSError, match=r"Read-only|Permission"):
            (folder / "new").touch()

    yield protect
    for function in undo:
        function()


@pytest.fixture
def shelf(
    home: Path,
    scored: Callable[..., Path],
    tmp_path: Path,
    read_only: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Read-only copy of dataset, work folders and predictions; the current folder is another one."""
    folder = tmp_path / "shelf"
    shutil.copytree(home, folder)
    for name in ("test", "val"):
        shutil.move(scored(name, range(8)), folder / f"scored_{name}.npz")
    (folder / "damaged").mkdir()
    shutil.copytree(folder / "data", folder / "damaged/data")
    path = folder / f"damaged/data/flow_dis/{CLIP}.flow"
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    (folder / "damaged/data/flow_dis/right_s02.flow").unlink()
    read_only(folder)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


def test_commands_read_read_only_folders(command, shelf):
    flow, model = SMALL_STREAMS["flow_dis"], shelf / "flow_dis"
    scores = [shelf / "scored_test.npz", "--fit", shelf / "scored_val.npz"]
    for words in (
        ("extract.py", shelf / "data", "--status"),
        ("extract.py", shelf / "data", "--verify"),
        ("prepare.py", "--check", shelf / "data"),
        ("show.py", shelf / "data", CLIP, "--out", "clip.png"),
        ("test.py", CONFIGS["flow_dis"], model, "--data", shelf / "data", "--cfg-options", *flow, *SHORT_RUN),
        ("predict.py", shelf / f"data/videos/{CLIP}.mp4", "--checkpoint", model),
        ("fuse.py", *scores, "--out", "fused.npz"),
        ("ablate.py", *scores, "--out", "ablation"),
    ):
        code, _, err = command(*words)
        assert (code, "cannot" in err) == (0, False), err


def test_test_leaves_no_temporary_folder(command, shelf, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "here"))
    options = ["--cfg-options", *SMALL_STREAMS["flow_dis"], *SHORT_RUN]
    words = ["--data", shelf / "data", "--dump", tmp_path / "out.npz", *options]
    code, _, err = command("test.py", CONFIGS["flow_dis"], shelf / "flow_dis", *words)
    assert code == 0, err
    assert list((tmp_path / "here").iterdir()) == []
    scores = [Predictions.load(path).scores["flow_dis"] for path in (tmp_path / "out.npz", shelf / "trimmed.npz")]
    np.testing.assert_array_equal(*scores)


def test_status_tells_incomplete_index(command, shelf):
    code, out, err = command("extract.py", shelf / "damaged/data", "--status")
    assert (code, out.splitlines()[1].split()) == (0, ["flow_dis", "12", "11", "0", "1", "0", "0.0"])
    assert err.startswith(f"the index is not up to date: cannot write '{shelf}/damaged/data/.index.lock'")


def test_verify_keeps_damaged_file(command, one_line, shelf):
    code, out, err = command("extract.py", shelf / "damaged/data", "--verify")
    assert code == 1
    assert f"'{CLIP}': flow must be unchanged" in one_line(err)
    assert "it cannot be removed: " in err
    assert "10 files are unchanged, 1 are damaged" in out
    assert (shelf / f"damaged/data/flow_dis/{CLIP}.flow").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("extract.py", "{shelf}/damaged/data", "--flow", "dis"),
        ("fuse.py", "{shelf}/rgb.npz", "--weights", "1", "--out", "{shelf}/fused.npz"),
        ("predict.py", "{shelf}/data/videos/left_s02.mp4", "--checkpoint", "{shelf}/rgb", "--out", "{shelf}/out"),
    ],
)
def test_writing_there_is_one_line(command, shelf, words):
    code, _, err = command(*(word.format(shelf=shelf) for word in words))
    assert code == 1
    assert err.splitlines()[-1].startswith(f"error: cannot write '{shelf}")
