"""A disk that is full, simulated and real: one line, what is finished is kept and whole, a second run completes it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from modalities import atomic_files
from modalities.flow import FlowFile

FULL = "No space left on device; make room or choose another folder and run the same command again"


class FullDisk:
    """``os.replace`` that finds no room when a file of that ending shall appear."""

    def __init__(self, ending: str) -> None:
        self.ending, self.replace = ending, os.replace

    def __call__(self, source: Path, target: Path) -> None:
        if str(target).endswith(self.ending):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.replace(source, target)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_no_space_for_a_checkpoint_keeps_the_one_before(command, recipes, data, tmp_path, monkeypatch):
    config, small = recipes["skeleton"]
    work = tmp_path / "work"
    brief = ["train_cfg.max_epochs=3", "train_cfg.val_interval=1", "train_dataloader.num_workers=0"]
    brief += ["train_dataloader.persistent_workers=False", "val_dataloader.num_workers=0"]
    words = ["--data", data, "--work-dir", work, "--cfg-options", *small, *brief]
    with monkeypatch.context() as patch:
        patch.setattr(atomic_files.os, "replace", FullDisk("epoch_2.pth"))
        code, out, err = command("train.py", config, *words)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith(f"error: cannot write '{work / 'epoch_2.pth'}': {FULL}")
    assert (work / "last_checkpoint").read_text() == str(work / "epoch_1.pth")
    assert {"epoch_1.pth", "best_mean_class_accuracy_epoch_1.pth"} <= files(work)
    assert not [name for name in files(work) if "partial" in name]
    code, _, err = command("train.py", config, *words, "--resume")
    assert code == 0, err
    assert {name for name in files(work) if name.startswith("epoch")} == {"epoch_3.pth"}  # the others made room
    assert torch.load(work / "epoch_3.pth", weights_only=True)["meta"]["epoch"] == 3


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("out/ablation.json", "ablate.py t.npz --fit v.npz --out out"),
        ("f.npz", "fuse.py t.npz --fit v.npz --out f.npz"),
    ],
)
def test_no_space_for_a_result(command, one_line, scored, tmp_path, monkeypatch, ending, words):
    monkeypatch.chdir(tmp_path)
    scored("t", range(8))
    scored("v", range(8))
    monkeypatch.setattr(atomic_files.os, "replace", FullDisk(ending))
    code, out, err = command(*words.split())
    assert (code, out) == (1, "")
    assert f"cannot write '{ending}': {FULL}" in one_line(err)
    assert files(tmp_path) == {"t.npz", "v.npz"}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many kB, that can be made larger by asking again."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def size(kilobytes: int) -> Path:
        how = "remount," if folder.is_mount() else ""
        command = ["mount", "-t", "tmpfs", "-o", f"{how}size={kilobytes}k", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"mounting a small disk takes rights that this user lacks: {done.stderr.strip()}")
        return folder

    yield size
    if folder.is_mount():
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full(command, one_line, data, tiny_disk):
    """Extraction stops, what is finished is whole and kept, and the same command completes it."""
    disk = tiny_disk(1000)
    shutil.copytree(data, disk / "data")
    used = shutil.disk_usage(disk).used // 1024
    tiny_disk(used + 40)
    before = (disk / "data/index.json").read_bytes()
    code, out, err = command("extract.py", disk / "data", "--flow", "dis", "--workers", 1)
    assert (code, out) == (1, "")
    assert FULL in one_line(err)
    assert (disk / "data/index.json").read_bytes() == before
    assert not [name for name in files(disk) if "partial" in name]
    finished = {path: FlowFile(path).num for path in (disk / "data/flow_dis").glob("*.flow")}
    assert 0 < len(finished) < 12
    assert set(finished.values()) == {9}
    tiny_disk(2000)
    code, out, err = command("extract.py", disk / "data", "--flow", "dis", "--workers", 1, "--json")
    assert code == 0, err
    assert json.loads(out)["streams"][0]["skipped"] == len(finished)
    assert len(list((disk / "data/flow_dis").glob("*.flow"))) == 12


def test_a_disk_full_while_preparing(command, one_line, data, tiny_disk):
    """J-HMDB in the format it comes in: joints are written, the index is not, and the same command completes it."""
    source = data.parent / "source"
    (source / "splits").mkdir(parents=True)
    joints = {}
    for number in range(1, 7):
        name = f"film_wave_h_nm_np1_fr_goo_{number}"
        (source / "videos/wave").mkdir(parents=True, exist_ok=True)
        shutil.copy(data / "videos/left_s01.mp4", source / f"videos/wave/{name}.avi")
        joints[name] = np.zeros((10, 15, 2), np.float32)
    np.savez(source / "joints.npz", **joints)
    for split in (1, 2, 3):
        rows = [f"{name}.avi {1 + (place + split) % 2}" for place, name in enumerate(joints)]
        (source / f"splits/wave_test_split{split}.txt").write_text("\n".join(rows))
    disk = tiny_disk(12)
    code, out, err = command("prepare.py", "jhmdb", source, disk / "out")
    assert (code, out) == (1, "")
    assert FULL in one_line(err)
    assert not [name for name in files(disk) if "partial" in name or name == "index.json"]
    tiny_disk(400)
    code, out, err = command("prepare.py", "--json", "jhmdb", source, disk / "out")
    assert code == 0, err
    assert json.loads(out)["records"] == 6
