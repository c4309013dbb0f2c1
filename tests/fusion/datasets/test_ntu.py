"""NTU RGB+D 60 and 120 from a small tree in their own names and format."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, interrupted_after, write_clip, write_ntu

from triad.fusion.datasets import count_splits, get_dataset, ntu
from triad.fusion.datasets.ntu import NTU60, NTU120, class_names
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader, PoseStore

ALONE = "S001C001P001R001A001"
TOGETHER = "S002C002P003R002A060"
CROWD = "S010C003P019R001A050"
LATER = "S018C003P045R001A120"
FILMED = "S005C003P004R001A008"
CUT = "S005C001P004R001A009"
MISSING = "S001C002P005R002A008"
ODD = "S001C004P001R001A001"
FRAMES = 14


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    skeletons, videos = source / "nturgb+d_skeletons", source / "nturgb+d_rgb"
    for name, bodies in ((ALONE, 1), (TOGETHER, 2), (CROWD, 4), (LATER, 2), (MISSING, 1), (ODD, 1)):
        write_ntu(skeletons / f"{name}.skeleton", frames=FRAMES, bodies=bodies)
    whole = (skeletons / f"{ALONE}.skeleton").read_text()
    (skeletons / f"{CUT}.skeleton").write_text(whole[: len(whole) // 2].rsplit("\n", 1)[0])
    for name in (ALONE, TOGETHER, CROWD, LATER, FILMED, CUT, MISSING):
        write_clip(videos / f"{name}_rgb.avi", frames=FRAMES, fps=30)
    return source


@pytest.mark.parametrize("dataset", ["ntu60", "ntu120"])
def test_prepared_clips(source, tmp_path, dataset):
    report = get_dataset(dataset).prepare(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    rows = {record["id"]: record for record in index.records}
    streams = {
        **{name: ["rgb", "skeleton"] for name in (ALONE, TOGETHER, CROWD)},
        **{FILMED: ["rgb"], CUT: ["rgb"]},
        **({LATER: ["rgb", "skeleton"]} if dataset == "ntu120" else {}),
    }
    assert {name: sorted(row["sources"]) for name, row in rows.items()} == streams
    assert (report["records"], report["skipped"]) == ((5, 1) if dataset == "ntu60" else (6, 0))
    assert index.dataset == dataset
    assert index.classes == list(class_names()[: int(dataset[3:])])
    record = rows[TOGETHER]
    assert (record["label"], index.classes[59]) == (59, "walking apart from each other")
    fields = ("setup", "camera", "subject", "repetition")
    assert tuple(record[field] for field in fields) == ("S002", "C002", "P003", "R002")
    assert (record["num_frames"], record["fps"]) == (FRAMES, 30.0)


def test_splits(source, tmp_path):
    NTU60.prepare(source, tmp_path / "60")
    assert count_splits(load_index(tmp_path / "60").records, "ntu60") == {
        "cross_subject": {"train": 1, "val": 3, "test": 1},
        "cross_view": {"train": 1, "val": 2, "test": 2},
    }
    NTU120.prepare(source, tmp_path / "120")
    assert count_splits(load_index(tmp_path / "120").records, "ntu120") == {
        "cross_subject": {"train": 2, "val": 3, "test": 1},
        "cross_setup": {"train": 2, "val": 1, "test": 3},
    }


def test_store_keeps_two_persons(source, tmp_path):
    NTU60.prepare(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    store = PoseStore(tmp_path / "out/skeleton.safetensors")
    shapes = {name: store.read(number).keypoints.shape for number, name in enumerate(store.ids)}
    assert shapes == {ALONE: (1, FRAMES, 25, 3), TOGETHER: (2, FRAMES, 25, 3), CROWD: (2, FRAMES, 25, 3)}
    assert store.read(store.ids.index(CROWD)).keypoints[:, 0, 0, 0].tolist() == [
        3.0,
        2.0,
    ]  # who move most; x to the right of the mirrored picture
    source_of = index.source(index.record(TOGETHER), "skeleton")
    assert (source_of.num, source_of.fps, source_of.size_hw) == (FRAMES, 30.0, (1080, 1920))
    times = np.array([0.0, 2 / 30])
    clip = PoseReader(layout="ntu25", frame_size=(1080, 1920)).read(source_of, times, np.ones(2, bool))
    first, second = sorted(clip.keypoints[:, :, 24].tolist())  # x to the right, y down
    assert np.allclose(first, [[0.0, -2.4, 3.0], [0.2, -2.4, 3.0]])
    assert np.allclose(second, [[1.0, -2.4, 3.0], [1.25, -2.4, 3.0]])


def test_changing_body_id_is_one_person(source, tmp_path):
    write_ntu(tmp_path / f"new/{ALONE}.skeleton", frames=FRAMES, switch=6)
    NTU60.prepare(tmp_path / "new", tmp_path / "out")
    poses = PoseStore(tmp_path / "out/skeleton.safetensors").read(0)
    assert np.allclose(poses.keypoints[:, :, 0, 0], [np.arange(FRAMES) / 10])
    assert poses.scores.min() == 1


def test_dropped_clips_have_reasons(source, tmp_path):
    dropped = {row["id"]: row["reason"] for row in NTU60.prepare(source, tmp_path / "out")["dropped"]}
    assert set(dropped) == {MISSING, ODD, CUT, FILMED}
    assert dropped[MISSING] == "the authors list its skeleton as missing or incomplete"
    assert dropped[ODD].endswith("is not named as the dataset's clips are")
    assert dropped[CUT].startswith("skeleton: ")
    assert f"{CUT}.skeleton" in dropped[CUT]
    assert dropped[FILMED] == "skeleton: there is no file"


@pytest.mark.parametrize(("folder", "stream"), [("nturgb+d_skeletons", "skeleton"), ("nturgb+d_rgb", "rgb")])
def test_one_stream_is_enough(source, tmp_path, folder, stream):
    report = NTU120.prepare(source / folder, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert list(index.metainfo["streams"]) == [stream]
    assert report["records"] == len(index.records) == (4 if stream == "skeleton" else 6)
    assert MISSING not in {record["id"] for record in index.records}  # all streams have the same clips
    assert not any("there is no file" in row["reason"] for row in report["dropped"])


def test_float16_halves_the_store(source, tmp_path):
    NTU60.prepare(source, tmp_path / "a")
    NTU60.prepare(source, tmp_path / "b", dtype="float16")
    whole, half = (PoseStore(tmp_path / f"{name}/skeleton.safetensors").read(0) for name in "ab")
    assert np.abs(whole.keypoints - half.keypoints).max() < 0.002  # metres


def test_interrupted_run_leaves_nothing(source, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ntu, "_read", interrupted_after(1, ntu._read))
        with pytest.raises(KeyboardInterrupt):
            NTU60.prepare(source, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    first = NTU60.prepare(source, tmp_path / "out")
    files = digest(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    assert NTU60.prepare(source, tmp_path / "out") == first
    assert digest(tmp_path / "out") == files


def test_other_folder_is_refused(tmp_path):
    (tmp_path / "x.skeleton").touch()
    with pytest.raises(InputError, match=r"source must hold clips named as the dataset's are, got none in"):
        NTU60.prepare(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
