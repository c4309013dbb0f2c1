"""A full disk, simulated and real, is one line; finished files are kept, and the same command completes the work."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from jhmdb_files import write_jhmdb

from triad.modalities import atomic_files
from triad.modalities.flow import FlowFile

FULL = "No space left on device; make room or choose another folder and run the same command again"


class FullDisk:
    """``os.replace`` that fails for paths with a suffix."""

    def __init__(self, suffix: str) -> None:
        self.suffix = suffix
        self.replace = os.replace

    def __call__(self, source: Path, target: Path) -> None:
        if str(target).endswith(self.suffix):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.replace(source, target)


def file_names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_full_disk_keeps_the_last_checkpoint(command, recipes, data, tmp_path, monkeypatch):
    config, small = recipes["skeleton"]
    work = tmp_path / "work"
    brief = ["train_cfg.max_epochs=3", "train_cfg.val_interval=1", "train_dataloader.num_workers=0"]
    brief += ["train_dataloader.persistent_workers=False", "val_dataloader.num_workers=0"]
    options = ["--data", data, "--work-dir", work, "--cfg-options", *small, *brief]
    with monkeypatch.context() as patch:
        patch.setattr(atomic_files.os, "replace", FullDisk("epoch_2.pth"))
        code, stdout, stderr = command("train.py", config, *options)
    assert (code, stdout) == (1, "")
    assert stderr.splitlines()[-1].startswith(f"error: cannot write '{work / 'epoch_2.pth'}': {FULL}")
    assert (work / "last_checkpoint").read_text() == str(work / "epoch_1.pth")
    assert {"epoch_1.pth", "best_mean_class_accuracy_epoch_1.pth"} <= file_names(work)
    assert not [name for name in file_names(work) if "partial" in name]
    code, _, stderr = command("train.py", config, *options, "--resume")
    assert code == 0, stderr
    assert {name for name in file_names(work) if name.startswith("epoch")} == {"epoch_3.pth"}  # the others made room
    assert torch.load(work / "epoch_3.pth", weights_only=True)["meta"]["epoch"] == 3


@pytest.mark.parametrize(
    ("suffix", "arguments"),
    [
        ("out/ablation.json", "ablate.py t.npz --fit v.npz --out out"),
        ("f.npz", "fuse.py t.npz --fit v.npz --out f.npz"),
    ],
)
def test_full_disk_while_writing_results(command, one_line, scored, tmp_path, monkeypatch, suffix, arguments):
    monkeypatch.chdir(tmp_path)
    scored("t", range(8))
    scored("v", range(8))
    monkeypatch.setattr(atomic_files.os, "replace", FullDisk(suffix))
    code, stdout, stderr = command(*arguments.split())
    assert (code, stdout) == (1, "")
    assert f"cannot write '{suffix}': {FULL}" in one_line(stderr)
    assert file_names(tmp_path) == {"t.npz", "v.npz"}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mount a disk of a number of kB, or change the size of the mounted one."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(kilobytes: int) -> Path:
        remount = "remount," if folder.is_mount() else ""
        command = ["mount", "-t", "tmpfs", "-o", f"{remount}size={kilobytes}k", "tmpfs", str(folder)]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            pytest.skip(f"mounting a small disk takes rights that this user lacks: {process.stderr.strip()}")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk_while_extracting(command, one_line, data, tiny_disk):
    """Extraction stops, finished files are whole and kept, and the same command completes it."""
    disk = tiny_disk(1000)
    shutil.copytree(data, disk / "data")
    used = shutil.disk_usage(disk).used // 1024
    tiny_disk(used + 40)
    index_before = (disk / "data/index.json").read_bytes()
    code, stdout, stderr = command("extract.py", disk / "data", "--flow", "dis", "--workers", 1)
    assert (code, stdout) == (1, "")
    assert FULL in one_line(stderr)
    assert (disk / "data/index.json").read_bytes() == index_before
    assert not [name for name in file_names(disk) if "partial" in name]
    finished = {path: FlowFile(path).num for path in (disk / "data/flow_dis").glob("*.flow")}
    assert 0 < len(finished) < 12
    assert set(finished.values()) == {9}
    tiny_disk(2000)
    code, stdout, stderr = command("extract.py", disk / "data", "--flow", "dis", "--workers", 1, "--json")
    assert code == 0, stderr
    assert json.loads(stdout)["streams"][0]["skipped"] == len(finished)
    assert len(list((disk / "data/flow_dis").glob("*.flow"))) == 12


def test_full_disk_while_preparing(command, one_line, data, tiny_disk):
    """J-HMDB in its original format: joints are written, the index is not, and the same command completes it."""
    source = write_jhmdb(data.parent / "source", data / "videos/left_s01.mp4")
    disk = tiny_disk(12)
    code, stdout, stderr = command("prepare.py", "jhmdb", source, disk / "out")
    assert (code, stdout) == (1, "")
    assert FULL in one_line(stderr)
    assert not [name for name in file_names(disk) if "partial" in name or name == "index.json"]
    tiny_disk(400)
    code, stdout, stderr = command("prepare.py", "--json", "jhmdb", source, disk / "out")
    assert code == 0, stderr
    assert json.loads(stdout)["records"] == 6
