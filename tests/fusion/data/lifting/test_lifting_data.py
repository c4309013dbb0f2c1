"""Recordings of real on-disk datasets as windows: who is on which side, what is drawn from what, what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from fusion.estimators.lifting import LiftingDataset, collate_windows, recordings_of
from fusion.estimators.lifting.recordings import rule_of
from fusion.index.index import load_index, write_index
from modalities.atomic_files import write_arrays
from modalities.checks import InputError
from modalities.skeleton.layouts import get_layout

READS = ("head", "left_shoulder", "right_shoulder", "left_wrist", "right_wrist", "left_hip", "right_hip")
TIMES = 5


def write_skeletons(out: Path, *, dataset: str, layout: str, rows: list[dict]) -> Path:
    """A prepared dataset of 3D skeletons, one file a record; everybody walks to the right and has lost a wrist once."""
    known = get_layout(layout)
    records = []
    for number, row in enumerate(rows):
        rng = np.random.default_rng(number)
        joints = rng.normal(0, 0.4, (1, 1, known.num_joints, 3)) + np.linspace(0, 1, TIMES)[None, :, None, None]
        scores = np.ones((1, TIMES, known.num_joints), np.float32)
        joints[:, 2, known.index("left_wrist")] = scores[:, 2, known.index("left_wrist")] = 0
        write_arrays(out / f"skeleton/{row['id']}.npz", keypoints=joints.astype(np.float32), scores=scores)
        source = {"path": f"skeleton/{row['id']}.npz", "num": TIMES, "fps": 30.0}
        records.append({"label": 0, "sources": {"skeleton": source}, **row})
    streams = {"skeleton": {"modality": "skeleton", "layout": layout, "channels": 3}}
    write_index(out / "index.json", {"dataset": dataset, "classes": ["walk"], "streams": streams}, records)
    return out


@pytest.fixture
def utd(tmp_path: Path) -> Path:
    rows = [{"id": f"a1_s{subject}_t1", "subject": f"s{subject}"} for subject in range(1, 9)]
    return write_skeletons(tmp_path / "utd", dataset="utd_mhad", layout="kinect20", rows=rows)


def dataset_of(utd: Path, split: str = "train", **options) -> LiftingDataset:
    return LiftingDataset(sources=[str(utd)], split=split, layout="minihome16", reads=READS, **options)


def test_nobody_is_on_two_sides(utd: Path):
    ids = [
        [each.id for each in recordings_of(utd, split=split, layout="minihome16")] for split in ("train", "val", "test")
    ]
    assert ids == [
        ["a1_s1_t1", "a1_s3_t1", "a1_s5_t1"],
        ["a1_s7_t1"],
        ["a1_s2_t1", "a1_s4_t1", "a1_s6_t1", "a1_s8_t1"],
    ]


def test_camera_3_of_nucla_trains_nothing_and_tested_people_are_seen_by_it_alone():
    rule = rule_of("nucla")
    found = {
        (subject, camera): rule({"id": "x", "subject": subject, "camera": camera})
        for subject in ("s01", "s08", "s09")
        for camera in ("v01", "v02", "v03")
    }
    assert found == {
        **{("s01", camera): split for camera, split in (("v01", "train"), ("v02", "train"), ("v03", None))},
        **{("s08", camera): split for camera, split in (("v01", "val"), ("v02", "val"), ("v03", None))},
        **{("s09", camera): split for camera, split in (("v01", None), ("v02", None), ("v03", "test"))},
    }


def test_minihome_gives_its_truth(tiny: Path, tmp_path: Path):
    root = tmp_path / "home"
    shutil.copytree(tiny, root)
    with pytest.raises(InputError, match=r"array file must be a file, got '.*truth/.*npz'.*make MiniHome again"):
        recordings_of(root, split="test", layout="minihome16")
    for record in load_index(root).records:
        joints = np.full((10, 16, 3), record["label"], np.float32)
        write_arrays(root / f"truth/{record['id']}.npz", joints=joints)
    found = recordings_of(root, split="test", layout="minihome16")
    assert {each.dataset for each in found} == {"minihome"}
    assert sorted({float(each.joints[0, 0, 0]) for each in found}) == [0, 1, 2]


def test_lost_joints_lie_among_the_others_and_are_no_target(utd: Path):
    (recording,) = recordings_of(utd, split="val", layout="minihome16")
    wrist = get_layout("minihome16").index("left_wrist")
    assert recording.seen.sum() == TIMES * 16 - 1
    assert not recording.seen[2, wrist]
    np.testing.assert_allclose(recording.joints[2, wrist], recording.joints[recording.seen].mean(0), rtol=1e-5)
    windows = dataset_of(utd, "val", windows=TIMES)[0]
    assert windows.seen.sum() == TIMES * 16 - 1
    assert not windows.seen[2, wrist]


def test_training_is_filmed_anew_and_validation_is_not(utd: Path):
    for split, changes in (("train", True), ("val", False)):
        dataset, again = dataset_of(utd, split), dataset_of(utd, split)
        first = dataset[0]
        np.testing.assert_array_equal(again[0].data, first.data)
        dataset.set_epoch(1)
        assert (dataset[0].data != first.data).any() == changes
        assert (dataset_of(utd, split, seed=1)[0].data != first.data).any()


def test_what_is_read_is_the_target_as_seen(utd: Path):
    """Without noise, far away and looking straight on, the middle frame is the target's x and y, scaled."""
    still = {"jitter": 0.0, "outliers": 0.0, "swaps": 0.0, "lost": 0.0, "cut": 0.0}
    far = {"distance": [500.0, 500.0], "aside": 0.0, "field": [2.0, 2.0]}
    windows = dataset_of(utd, windows=TIMES, frames=9, camera=far, noise=still)[0]
    assert windows.data.shape == (TIMES, 9, len(READS), 3)
    joints = [get_layout("minihome16").index(joint) for joint in READS]
    for place in (0, 1, 3, 4):  # in the third frame a wrist is lost
        read, true = windows.data[place, 4, :, :2], windows.target[place, joints, :2]
        read, true = read - read[0], true - true[0]
        scale = (read * true).sum() / (read**2).sum()
        assert scale > 0
        np.testing.assert_allclose(scale * read, true, atol=0.01)


def test_a_batch_has_one_row_a_recording(utd: Path):
    dataset = dataset_of(utd, windows=4)
    batch = collate_windows([dataset[0], dataset[1]])
    assert batch["data"].shape == (2, 4, 27, len(READS), 3)
    assert batch["target"].shape == (2, 4, 16, 3)
    assert batch["seen"].shape == (2, 4, 16)
    assert batch["dataset"] == ["utd_mhad", "utd_mhad"]


def test_what_cannot_be_learned_from_is_one_line(utd: Path, tmp_path: Path):
    with pytest.raises(InputError, match=r"LiftingDataset\.sources must be a list of folders"):
        LiftingDataset(sources=str(utd), split="train", layout="minihome16", reads=READS)
    with pytest.raises(InputError, match="must have skeletons, got none; name prepared datasets: --data"):
        LiftingDataset(sources=[], split="train", layout="minihome16", reads=READS)
    flat = write_skeletons(tmp_path / "flat", dataset="utd_mhad", layout="kinect20", rows=[])
    index = load_index(flat)
    index.metainfo["streams"]["skeleton"]["layout"] = "coco17"
    write_index(flat / "index.json", index.metainfo, index.records)
    with pytest.raises(InputError, match="have a 3D skeleton stream to learn from, got layout coco17"):
        recordings_of(flat, split="train", layout="minihome16")
