"""Training on numbers that cannot be, or on nothing, ends with exit code 1 and one line, with and without --refit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from triad.modalities.atomic_files import write_arrays
from triad.modalities.skeleton import Poses, write_store

BRIEF = ["train_cfg.max_epochs=2", "train_cfg.val_interval=1", "train_dataloader.num_workers=0"]
BRIEF += ["train_dataloader.persistent_workers=False", "val_dataloader.num_workers=0"]
TRAINED, VALIDATED = "left_s01", "left_s04"
"""Clips of a person who trains, and of one who validates."""


def read_index(data: Path) -> dict[str, Any]:
    return json.loads((data / "index.json").read_text())


def edit_records(data: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    index = read_index(data)
    for record in index["data_list"]:
        edit(record)
    (data / "index.json").write_text(json.dumps(index))


def edit_joints(data: Path, clip: str, edit: Callable[[dict[str, np.ndarray]], object]) -> Path:
    path = data / f"skeleton/{clip}.npz"
    with np.load(path) as file:
        arrays = dict(file)
    edit(arrays)
    write_arrays(path, **arrays)
    return path


def pack(data: Path) -> Path:
    """Move the skeletons into one packed store."""
    path = data / "skeleton.safetensors"
    with write_store(path, layout="minihome16") as store:

        def add(record: dict[str, Any]) -> None:
            with np.load(data / record["sources"]["skeleton"]["path"]) as arrays:
                poses = Poses(layout="minihome16", **arrays)
            record["sources"]["skeleton"] |= {"path": path.name, "clip": store.add(record["id"], poses)}

        edit_records(data, add)
    return path


@pytest.fixture(params=[[], ["--refit"]], ids=["validated", "refitted"])
def train_skeletons(request, command, recipes, data, tmp_path) -> Callable[..., tuple[int, str]]:
    """Train the skeleton stream for two epochs; return exit code and the last line of standard error."""
    config, small = recipes["skeleton"]

    def run(*options: str) -> tuple[int, str]:
        words = ["--data", data, "--work-dir", tmp_path / "work", *request.param]
        code, out, err = command("train.py", config, *words, "--cfg-options", *small, *BRIEF, *options)
        assert (out, "Traceback" in err) == ("", False)
        return code, err.splitlines()[-1]

    return run


def checkpoints(work: Path) -> list[str]:
    return sorted(path.name for path in work.glob("*.pth"))


@pytest.mark.parametrize("value", [1e25, 3e38])
@pytest.mark.parametrize("clip", [TRAINED, VALIDATED])
def test_huge_joints_name_their_file(train_skeletons, data, tmp_path, value, clip):
    def spoil(arrays: dict[str, np.ndarray]) -> None:
        arrays["keypoints"][0, :, 5, 1] = value

    path = edit_joints(data, clip, spoil)
    code, line = train_skeletons()
    assert code == 1
    assert line.startswith(f"error: stream 'skeleton' of clip '{clip}': skeleton file '{path}'")
    assert f"must have keypoints within ±1e+06 metres or pixels, got {value:g}" in line
    assert all("best" not in name for name in checkpoints(tmp_path / "work"))


def test_huge_joints_of_store_name_clip(train_skeletons, data):
    path = pack(data)
    content = path.read_bytes()
    with np.load(data / f"skeleton/{TRAINED}.npz") as arrays:
        joints = arrays["keypoints"]
    huge = np.full_like(joints, -3e38)
    path.write_bytes(content.replace(joints.tobytes(), huge.tobytes()))
    assert path.read_bytes() != content
    code, line = train_skeletons()
    assert code == 1
    assert f"'{TRAINED}'" in line
    assert "got -3e+38" in line


def test_skeletons_of_nobody_are_one_line(train_skeletons, data, tmp_path):
    def remove(arrays: dict[str, np.ndarray]) -> None:
        arrays["scores"][:] = 0

    for record in read_index(data)["data_list"]:
        edit_joints(data, record["id"], remove)
    code, line = train_skeletons()
    assert code == 1
    assert line.startswith("error: stream 'skeleton' of the training clips must show a person, got none in any clip; ")
    assert checkpoints(tmp_path / "work") == []


def test_stream_of_no_clip_is_one_line(train_skeletons, data, tmp_path):
    edit_records(data, lambda record: record["sources"].pop("skeleton"))
    code, line = train_skeletons()
    assert code == 1
    assert line.startswith(
        f"error: training clips of '{data}' must have stream 'skeleton' in at least one, got none of"
    )
    assert checkpoints(tmp_path / "work") == []


def test_clips_without_labels_are_one_line(train_skeletons, data, tmp_path):
    edit_records(data, lambda record: record.update(label=None))
    code, line = train_skeletons()
    assert code == 1
    assert line.startswith("error: ")
    assert "label" in line
    assert checkpoints(tmp_path / "work") == []


def test_divergence_keeps_last_checkpoint(train_skeletons, tmp_path):
    code, line = train_skeletons("optim_wrapper.optimizer.lr=1e30", "param_scheduler=[]", "train_cfg.max_epochs=9")
    assert code == 1
    assert re.match(r"error: (loss in|scores of the model after|'.*' of the model after) epoch \d must be finite", line)
    assert "lower the learning rate; earlier checkpoints are kept" in line
    for name in checkpoints(tmp_path / "work"):
        weights = torch.load(tmp_path / "work" / name, weights_only=True)["state_dict"]
        assert all(weight.isfinite().all() for weight in weights.values())
