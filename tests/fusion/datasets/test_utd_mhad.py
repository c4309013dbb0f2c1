"""UTD-MHAD from a tiny tree in its own format, and the real dataset if it is available."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, write_clip
from scipy.io import savemat
from shared_data import needs_shared, shared_path

from triad.fusion.datasets import count_splits, get_protocol
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.utd_mhad import ACTIONS, UTD_MHAD
from triad.fusion.index import load_index
from triad.modalities.skeleton import PoseStore

REAL = shared_path("utd_mhad")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "Skeleton").mkdir(parents=True)
    joints = np.arange(20 * 3 * 4, dtype=np.float64).reshape(20, 3, 4)
    for name in ("a27_s8_t4", "a1_s7_t1"):
        savemat(folder / f"Skeleton/{name}_skeleton.mat", {"d_skel": joints + len(name)})
    write_clip(folder / "RGB/a27_s8_t4_color.avi", frames=4, fps=30)
    write_clip(folder / "RGB/a24_s2_t2_color.avi", frames=4, fps=30)
    return folder


def test_prepared_and_dropped_clips(source, tmp_path):
    (source / "Skeleton/a1_s2_t2_skeleton.mat").write_bytes(b"MATLAB 5.0 MAT-file" + bytes(200))
    (source / "Skeleton/a28_s1_t1_skeleton.mat").write_bytes(b"")
    (source / "Skeleton/a27_s8_t4_inertial.mat").write_bytes(b"not read")
    report = UTD_MHAD.prepare(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    swipe, _, squat = index.records
    assert [record["id"] for record in index.records] == ["a1_s7_t1", "a24_s2_t2", "a27_s8_t4"]
    assert [index.classes[record["label"]] for record in index.records] == ["swipe_left", "sit_to_stand", "squat"]
    assert len(set(index.classes)) == len(ACTIONS) == 27
    assert [list(record["sources"]) for record in index.records] == [["skeleton"], ["rgb"], ["rgb", "skeleton"]]
    assert [get_protocol("utd_mhad", "cross_subject")(row) for row in index.records] == ["val", "test", "test"]
    assert (squat["subject"], squat["repetition"], squat["sources"]["skeleton"]["fps"]) == ("s8", 4, 30.0)
    head = PoseStore(tmp_path / "out/skeleton.safetensors").read(swipe["sources"]["skeleton"]["clip"])
    assert head.keypoints[0, 1, 3].tolist() == [-9.0, -13.0, 17.0]  # row 0 of the file, time 1; the store's joint 3
    dropped = {row["id"]: row["reason"] for row in report["dropped"] if row["reason"] != "video: there is no file"}
    assert set(dropped) == {"a1_s2_t2", "a28_s1_t1", "a24_s2_t2"}
    assert "a1_s2_t2_skeleton.mat" in dropped["a1_s2_t2"]
    assert "is not named as the dataset's clips are" in dropped["a28_s1_t1"]
    assert dropped["a24_s2_t2"] == "skeleton: there is no file"


def test_preparing_again_gives_same_bytes(source, tmp_path):
    for name in ("one", "two"):
        UTD_MHAD.prepare(source, tmp_path / name)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


@needs_shared("utd_mhad")
def test_real_dataset(tmp_path):
    assert UTD_MHAD.prepare(REAL, tmp_path) == {"records": 861, "dropped": []}
    index = load_index(tmp_path)
    counts = count_splits(index.records, "utd_mhad")
    assert counts["cross_subject"] == {"train": 323, "val": 108, "test": 430}
    assert set(Counter(record["label"] for record in index.records).values()) <= {31, 32}  # three of 864 are missing
    document = check_dataset(index)
    assert (document["problems"], document["known"], document["leaks"]) == ([], [], {})
