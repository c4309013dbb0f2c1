"""3D recordings of prepared datasets: their split, their joints, and datasets that have none."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from skeleton_datasets import NUM_TIMES, write_skeletons

from triad.fusion.estimators.lifting import load_all_recordings, load_recordings
from triad.fusion.estimators.lifting.recordings import nucla_split
from triad.fusion.index import load_index, write_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout


def test_splits_share_no_person(utd: Path):
    ids = {
        split: [recording.id for recording in load_recordings(utd, split=split, layout="minihome16")]
        for split in ("train", "val", "test")
    }
    assert ids == {
        "train": ["a1_s1_t1", "a1_s3_t1", "a1_s5_t1"],
        "val": ["a1_s7_t1"],
        "test": ["a1_s2_t1", "a1_s4_t1", "a1_s6_t1", "a1_s8_t1"],
    }


def test_nucla_tests_with_camera_3_alone():
    """Camera 3 trains nothing, and of the people who test only its recordings are taken."""
    splits = {
        (subject, camera): nucla_split({"id": "x", "subject": subject, "camera": camera})
        for subject in ("s01", "s08", "s09")
        for camera in ("v01", "v02", "v03")
    }
    assert splits == {
        **{("s01", "v01"): "train", ("s01", "v02"): "train", ("s01", "v03"): None},
        **{("s08", "v01"): "val", ("s08", "v02"): "val", ("s08", "v03"): None},
        **{("s09", "v01"): None, ("s09", "v02"): None, ("s09", "v03"): "test"},
    }


def test_minihome_gives_true_joints(tiny: Path, tmp_path: Path):
    root = tmp_path / "home"
    shutil.copytree(tiny, root)
    with pytest.raises(InputError, match=r"array file must be a file, got '.*truth/.*npz'.*make MiniHome again"):
        load_recordings(root, split="test", layout="minihome16")
    for record in load_index(root).records:
        joints = np.full((10, 16, 3), record["label"], np.float32)
        write_arrays(root / f"truth/{record['id']}.npz", joints=joints)
    recordings = load_recordings(root, split="test", layout="minihome16")
    assert {recording.dataset for recording in recordings} == {"minihome"}
    assert sorted({float(recording.joints[0, 0, 0]) for recording in recordings}) == [0, 1, 2]


def test_missing_joint_takes_mean_position(utd: Path):
    (recording,) = load_recordings(utd, split="val", layout="minihome16")
    wrist = get_layout("minihome16").index("left_wrist")
    assert recording.visible.sum() == NUM_TIMES * 16 - 1
    assert not recording.visible[2, wrist]
    np.testing.assert_allclose(recording.joints[2, wrist], recording.joints[recording.visible].mean(0), rtol=1e-5)


def test_datasets_follow_one_another(utd: Path):
    recordings = load_all_recordings([utd, utd], split="val", layout="minihome16")
    assert [recording.id for recording in recordings] == ["a1_s7_t1", "a1_s7_t1"]
    with pytest.raises(InputError, match="must have skeletons, got none; name prepared datasets: --data"):
        load_all_recordings([], split="train", layout="minihome16")


def test_2d_skeletons_are_refused(tmp_path: Path):
    root = write_skeletons(tmp_path / "flat", dataset="utd_mhad", layout="kinect20", rows=[])
    index = load_index(root)
    index.metainfo["streams"]["skeleton"]["layout"] = "coco17"
    write_index(root / "index.json", index.metainfo, index.records)
    with pytest.raises(InputError, match="have a 3D skeleton stream to learn from, got layout coco17"):
        load_recordings(root, split="train", layout="minihome16")
