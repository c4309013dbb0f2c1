"""Mapped stores that another process cuts off while they are read: one line, where the system would end the process."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from triad.modalities.skeleton import Poses, write_store

SUPPORT = Path(__file__).resolve().parents[1] / "support"
CUT_OFF = "must keep its {size} bytes while it is read, got 4096 of them: another process cut it off; {cure}"

TRAIN = """
import os
import sys
from pathlib import Path
from mmengine.hooks import Hook
from killed_training import killable_config
from triad.fusion.training.runner import build_runner
from triad.modalities.checks import InputError

data, work = map(Path, sys.argv[1:])

class CutOff(Hook):
    def after_train_epoch(self, runner):
        os.truncate(data / "skeleton.safetensors", 4096)

config = killable_config(data, work)
config.train_cfg.val_interval = 3
runner = build_runner(config)
runner.register_hook(CutOff(), priority="LOWEST")
try:
    runner.train()
except InputError as error:
    print(error)
"""
READ_FLOW = """
import os
import sys
from pathlib import Path
from triad.modalities.checks import InputError
from triad.modalities.flow.storage.float_fields import FloatFields

path = Path(sys.argv[1])
fields = FloatFields(path)
os.truncate(path, 4096)
try:
    fields.read(fields.num - 1)
except InputError as error:
    print(error)
"""
LABELS = pickle.dumps((list("abcdefghi"), list(range(9))))
READ_ARRAYS = """
import os
import sys
from pathlib import Path
from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers.ctrgcn_arrays import open_ctrgcn
from triad.modalities.skeleton.readers.stgcn_array import open_stgcn

path = Path(sys.argv[1])
collection = (open_ctrgcn if path.suffix == ".npz" else open_stgcn)(path)
os.truncate(path, 4096)
try:
    collection.read(len(collection.ids) - 1)
except InputError as error:
    print(error)
"""


def run(script: str, *words: object) -> tuple[int, str]:
    """Run a script in a process of its own; return its exit code, -7 for SIGBUS, and the last line of its output."""
    code = f"import sys\nsys.path.insert(0, {str(SUPPORT)!r})\n{script}"
    process = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True)
    assert process.returncode or process.stdout, process.stderr
    return process.returncode, process.stdout.splitlines()[-1] if process.stdout else process.stderr


def pack_skeletons(tiny: Path, out: Path) -> Path:
    """Write an index of nine clips of the tiny dataset and their skeletons in one file, and return its path."""
    index = json.loads((tiny / "index.json").read_text())
    index["data_list"] = [record for record in index["data_list"] if record["subject"] in ("s01", "s03", "s04")]
    out.mkdir()
    with write_store(out / "skeleton.safetensors", layout="minihome16") as store:
        for record in index["data_list"]:
            source = record["sources"]["skeleton"]
            with np.load(tiny / source["path"]) as arrays:
                poses = Poses(layout="minihome16", keypoints=arrays["keypoints"], scores=arrays["scores"])
            record["sources"] = {
                "skeleton": source | {"path": "skeleton.safetensors", "clip": store.add(record["id"], poses)}
            }
            record.pop("video")
    index["metainfo"]["streams"].pop("rgb")
    (out / "index.json").write_text(json.dumps(index))
    return out / "skeleton.safetensors"


def test_training_names_cut_off_store(tiny, tmp_path):
    store = pack_skeletons(tiny, tmp_path / "data")
    size = store.stat().st_size
    code, line = run(TRAIN, tmp_path / "data", tmp_path / "work")
    expected = f": '{store}' {CUT_OFF.format(size=size, cure='prepare the dataset again')}"
    assert (code, line.partition("'left_s03'")[2]) == (0, expected)
    assert (tmp_path / "work/epoch_1.pth").exists()


def test_flow_names_cut_off_array(tmp_path):
    path = tmp_path / "flow.npy"
    np.save(path, np.zeros((9, 40, 40, 2), np.float32))
    size = path.stat().st_size
    cure = "make this video's flow again"
    assert run(READ_FLOW, path) == (0, f"'{path}' {CUT_OFF.format(size=size, cure=cure)}")


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_skeleton_readers_name_cut_off_arrays(tmp_path, suffix):
    path = tmp_path / f"train_data{suffix}"
    if suffix == ".npy":
        np.save(path, np.ones((9, 3, 20, 25, 2), np.float32))
        (tmp_path / "train_label.pkl").write_bytes(LABELS)
    else:
        np.savez(path, x_train=np.ones((9, 20, 150), np.float32), y_train=np.zeros(9, np.int64))
    size = path.stat().st_size
    code, line = run(READ_ARRAYS, path)
    assert code == 0, line
    assert line.startswith(f"'{path}' must keep its {size} bytes while it is read, got 4096 of them")
