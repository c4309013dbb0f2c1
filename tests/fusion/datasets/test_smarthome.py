"""Toyota Smarthome from a small tree in its published names and formats, with its known errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, interrupted_after, write_clip, write_lcrnet

from triad.fusion.datasets import count_splits, smarthome
from triad.fusion.datasets.smarthome import CLASSES, prepare_smarthome
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader

TRAIN = "Cook.Cleandishes_p03_r00_v02_c03"
VAL = "WatchTV_p25_r03_v05_c05"
TEST = "Cutbread_p02_r00_v10_c02"
FILMED = "Walk_p19_r53_v27_c01"
POSED = "Usetablet_p20_r00_v01_c06"
CUT = "Usetelephone_p10_r01_v01_c04"
REJECTED = "Pour.Fromcup_p02_r00_v03_c04"
FRAMES = 6


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    for name in (TRAIN, VAL, TEST, FILMED, CUT, REJECTED, "Fly_p03_r00_v02_c03", "Walk_p01_r00_v02_c03", "holiday"):
        write_clip(source / f"mp4/{name}.mp4", frames=FRAMES, fps=20)
    write_clip(source / "mp4/Walk_p03_r00_v02_c08.mp4", frames=FRAMES, fps=20)
    for number, name in enumerate((TRAIN, VAL, TEST, POSED, REJECTED)):
        write_lcrnet(source / f"skeletonv12/{name}_pose3d.json", frames=FRAMES, first=10.0 * number)
    (source / f"skeletonv12/{CUT}_pose3d.json").write_text('{"njts": 13, "frames": [[{"pose2d": [1')
    return source


def test_prepared_clips(source, tmp_path):
    report = prepare_smarthome(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    by_id = {record["id"]: record for record in index.records}
    assert report["records"] == 6
    assert {name: sorted(record["sources"]) for name, record in by_id.items()} == {
        **{name: ["rgb", "skeleton"] for name in (TRAIN, VAL, TEST)},
        **{FILMED: ["rgb"], CUT: ["rgb"], POSED: ["skeleton"]},
    }
    assert index.classes == list(CLASSES)
    assert {name: (row["label"], row["subject"], row["camera"]) for name, row in by_id.items()} == {
        TRAIN: (0, "p03", "c03"),
        VAL: (30, "p25", "c05"),
        TEST: (5, "p02", "c02"),
        FILMED: (29, "p19", "c01"),
        POSED: (27, "p20", "c06"),
        CUT: (28, "p10", "c04"),
    }
    assert (by_id[TRAIN]["session"], by_id[TRAIN]["repetition"], by_id[TRAIN]["fps"]) == ("v02", "r00", 20.0)
    assert count_splits(index.records, "smarthome") == {
        "cross_subject": {"train": 1, "val": 2, "test": 3},
        "cv1": {"train": 1, "val": 0, "test": 1},  # WatchTV is not one of the 19
        "cv2": {"train": 3, "val": 0, "test": 1},
    }


def test_skeleton_is_read_from_store(source, tmp_path):
    prepare_smarthome(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    skeleton = index.source(index.record(TEST), "skeleton")
    assert (skeleton.num, skeleton.fps, skeleton.size_hw) == (FRAMES, 20.0, (480, 640))
    times = np.array([0.0, 0.1, 0.25])
    clip = PoseReader(layout="smarthome13", frame_size=(480, 640)).read(skeleton, times, np.ones(3, bool))
    assert clip.keypoints.shape == (1, 3, 13, 3)  # not the second person of the third frame
    assert clip.keypoints[0, :, 12, :].tolist() == [[20, 12, 3], [22, 12, 3], [25, 12, 3]]


def test_dropped_clips_have_reasons(source, tmp_path):
    report = prepare_smarthome(source, tmp_path / "out")
    dropped = {row["id"]: row["reason"] for row in report["dropped"]}
    assert dropped[REJECTED].endswith("must be one of the benchmark's 31, got 'Pour.Fromcup', which it left out")
    assert "class of 'Fly_p03_r00_v02_c03' must be one of" in dropped["Fly_p03_r00_v02_c03"]
    assert dropped["Walk_p01_r00_v02_c03"].endswith("must be one of the 18 of the dataset, got 'p01'")
    assert dropped["Walk_p03_r00_v02_c08"].endswith("got 'c08' (did you mean 'c07'?)")
    assert dropped["holiday"].endswith("is not named as the dataset's clips are")
    assert dropped[CUT].startswith("skeleton: ")
    assert f"{CUT}_pose3d.json" in dropped[CUT]
    assert dropped[FILMED] == "skeleton: there is no file"
    assert dropped[POSED] == "video: there is no file"
    assert len(report["dropped"]) == 8
    assert report["lists"]["test_CS"] == {"found": 4, "published": 5444, "same": False}  # Pour.Fromcup is in it


@pytest.mark.parametrize("ending", ["_pose3d.json", ".json"])
def test_skeletons_of_any_release(source, tmp_path, ending):
    folder = tmp_path / "json"
    for number in range(2):
        write_lcrnet(folder / f"Walk_p0{3 + number}_r00_v02_c03{ending}", frames=FRAMES)
    assert prepare_smarthome(folder, tmp_path / "out")["dropped"] == []
    index = load_index(tmp_path / "out")
    assert [list(record["sources"]) for record in index.records] == [["skeleton"], ["skeleton"]]


def test_videos_without_skeletons(source, tmp_path):
    shutil.rmtree(source / "skeletonv12")
    report = prepare_smarthome(source, tmp_path / "out")
    assert report["records"] == 5
    assert list(load_index(tmp_path / "out").metainfo["streams"]) == ["rgb"]
    assert not any(row["reason"].startswith("skeleton") for row in report["dropped"])


@pytest.mark.parametrize("name", ["json/{}.json", "json/{}_pose3d.json"])
def test_releases_are_not_mixed(source, tmp_path, name):
    write_lcrnet(source / name.format(TRAIN), frames=FRAMES)
    with pytest.raises(
        InputError, match=r"source must hold skeletons of one release, got .*; give a folder with links"
    ):
        prepare_smarthome(source, tmp_path / "out")


def test_interrupted_run_leaves_nothing(source, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(smarthome, "read_resident", interrupted_after(1, smarthome.read_resident))
        with pytest.raises(KeyboardInterrupt):
            prepare_smarthome(source, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    first = prepare_smarthome(source, tmp_path / "out")
    files = digest(tmp_path / "out")
    assert prepare_smarthome(source, tmp_path / "out") == first
    assert digest(tmp_path / "out") == files
    assert sorted(files) == ["index.json", "skeleton.safetensors"]


def test_folder_without_clips_is_refused(tmp_path):
    with pytest.raises(
        InputError,
        match=r"must hold clips named as the dataset's are, got none in '.*'; give the folder that",
    ):
        prepare_smarthome(tmp_path, tmp_path / "out")
