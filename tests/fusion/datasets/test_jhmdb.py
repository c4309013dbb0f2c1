"""J-HMDB from a tiny tree in its own format with errors, and the real dataset if it is available."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import numpy as np
import pytest
from shared_data import needs_shared, shared_path

from triad.fusion.datasets import writer
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.jhmdb import JHMDB, prepare_jhmdb
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader
from triad.modalities.video import VideoInfo, write_video

REAL = shared_path("jhmdb14")
GOOD = "Its_#5-%25@film_(part_2)_wave_h_nm_np1_fr_goo_0"  # such names are in J-HMDB
OTHER = "Brushing_brush_hair_brush_hair_u_cm_np2_ba_med_12"  # a class of two words, and in the name of its source video
LONG = "film_wave_u_cm_np1_le_bad_3"
FEW = "film_wave_u_cm_np1_le_bad_4"
LOST = "film_wave_u_cm_np1_le_bad_5"
CUT = "film_wave_u_cm_np1_le_bad_6"
BARE = "film_wave_f_cm_np1_ri_med_7"
UNLISTED = "film_wave_h_nm_np1_fr_goo_8"
ODD = "holiday"
GONE = "film_wave_h_nm_np1_fr_goo_9"
FRAMES = 5


@pytest.fixture
def source(tmp_path):
    videos = tmp_path / "source/videos"
    write_video(tmp_path / "clip.mp4", [np.full((24, 32, 3), 9 * number, np.uint8) for number in range(FRAMES)], fps=30)
    for name in (GOOD, OTHER, LONG, FEW, LOST, CUT, BARE, UNLISTED, ODD):
        path = videos / ("brush_hair" if name == OTHER else "wave") / f"{name}.avi"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "clip.mp4", path)
    (videos / f"wave/{CUT}.avi").write_bytes(b"RIFF")
    joints = {name: np.arange(FRAMES * 30, dtype=np.float32).reshape(FRAMES, 15, 2) for name in (GOOD, OTHER, CUT)}
    joints[LONG] = np.zeros((FRAMES + 1, 15, 2), np.float32)
    joints[FEW] = np.zeros((FRAMES, 13, 2), np.float32)
    joints[LOST] = np.full((FRAMES, 15, 2), np.nan, np.float32)
    np.savez(tmp_path / "source/joints.npz", **joints)
    (tmp_path / "source/splits").mkdir()
    codes = {GOOD: "121", LONG: "111", FEW: "111", LOST: "111", CUT: "111", BARE: "202", ODD: "111", GONE: "111"}
    for split in range(3):
        rows = [f"{name}.avi {code[split]}" for name, code in codes.items()]
        (tmp_path / f"source/splits/wave_test_split{split + 1}.txt").write_text("\n".join(rows) + "\n")
        (tmp_path / f"source/splits/brush_hair_test_split{split + 1}.txt").write_text(f"{OTHER}.avi 1\n")
    return tmp_path / "source"


def test_prepared_clips(source, tmp_path):
    report = prepare_jhmdb(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert report["records"] == 7
    by_id = {record["id"]: record for record in index.records}
    filmed = (GOOD, OTHER, BARE, LONG, FEW, LOST)  # bad joints do not cost the video
    assert {name: list(row["sources"]) for name, row in by_id.items()} == {
        **{name: ["rgb"] for name in filmed},
        **{name: ["rgb", "skeleton"] for name in (GOOD, OTHER)},
        CUT: ["skeleton"],
    }
    assert index.source(by_id[CUT], "skeleton").size_hw == (240, 320)  # what a bad video does not tell
    assert index.classes == ["brush_hair", "wave"]
    good = by_id[GOOD]
    assert (good["label"], good["num_frames"], good["fps"]) == (1, FRAMES, 30.0)
    assert good["source_video"] == "Its_#5-%25@film_(part_2)"
    assert good["official"] == {"split1": "train", "split2": "test", "split3": "train"}
    assert index.source(good, "rgb").path.resolve() == source / f"videos/wave/{GOOD}.avi"
    assert by_id[OTHER]["source_video"] == "Brushing_brush_hair"
    assert by_id[BARE]["official"] == {"split1": "test", "split3": "test"}  # 0: in neither list
    skeleton = index.source(good, "skeleton")
    assert skeleton.size_hw == (24, 32)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.json", "skeleton.safetensors"]
    problems = {row["problem"].partition(" as ")[0] for row in check_dataset(index)["problems"]}
    assert problems == {"skeleton: the same", "rgb: the same"}  # the fixture copies them
    clip = PoseReader(layout="jhmdb15", frame_size=(24, 32)).read(skeleton, np.array([2 / 30]), np.array([True]))
    assert clip.keypoints[0, 0, :2].tolist() == [[60.0, 61.0], [62.0, 63.0]]


def test_dropped_clips_have_reasons(source, tmp_path):
    dropped = {row["id"]: row["reason"] for row in prepare_jhmdb(source, tmp_path / "out")["dropped"]}
    assert set(dropped) == {LONG, FEW, LOST, CUT, BARE, UNLISTED, ODD, GONE}
    assert dropped[LONG] == "skeleton: joints must be of 5 frames as the video, got 6"
    assert dropped[FEW].endswith("must have shape [T, 15, 2], got [5, 13, 2]")
    assert dropped[LOST].startswith("skeleton: Poses.keypoints must be finite, got nan at [0, 0, 0, 0]")
    assert f"video must be readable, got '{source}/videos/wave/{CUT}.avi'" in dropped[CUT]
    assert dropped[BARE] == "skeleton: there is no file"
    assert dropped[UNLISTED] == "in no official list"
    assert "must be named <source>_<class>_" in dropped[ODD]
    assert dropped[GONE] == "in an official list, but there is no file"


def test_non_numeric_joints_are_dropped(source, tmp_path):
    with np.load(source / "joints.npz") as joints:
        np.savez(source / "joints.npz", **{**joints, GOOD: np.array(["a"])})
    dropped = {row["id"]: row["reason"] for row in prepare_jhmdb(source, tmp_path / "out")["dropped"]}
    assert dropped[GOOD].endswith("must be numbers, got <U1")


def test_skeletons_without_videos(source, tmp_path):
    shutil.rmtree(source / "videos")
    prepare_jhmdb(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert list(index.metainfo["streams"]) == ["skeleton"]
    assert [record["id"] for record in index.records] == sorted([GOOD, OTHER, CUT, LONG])
    skeleton = index.source(index.record(LONG), "skeleton")
    assert (skeleton.num, skeleton.fps, skeleton.size_hw) == (FRAMES + 1, 30.0, (240, 320))
    assert index.record(LONG)["official"] == dict.fromkeys(("split1", "split2", "split3"), "train")


def test_videos_without_skeletons(source, tmp_path):
    (source / "joints.npz").unlink()
    dropped = {row["id"] for row in prepare_jhmdb(source, tmp_path / "out")["dropped"]}
    index = load_index(tmp_path / "out")
    assert list(index.metainfo["streams"]) == ["rgb"]
    assert {record["id"] for record in index.records} == {GOOD, OTHER, BARE, LONG, FEW, LOST}
    assert dropped == {CUT, UNLISTED, ODD, GONE}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["index.json"]


def test_preparing_again_gives_same_bytes(source, tmp_path):
    prepare_jhmdb(source, tmp_path / "out")
    first = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    prepare_jhmdb(source, tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == first


def test_interrupted_run_changes_nothing(source, tmp_path):
    def interrupted(videos):
        yield from videos[:-1]  # some are decoded ahead
        raise KeyboardInterrupt

    def files():
        return {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*")}

    with pytest.raises(KeyboardInterrupt):
        prepare_jhmdb(source, tmp_path / "out", progress=interrupted)
    assert files() == {}
    prepare_jhmdb(source, tmp_path / "out")
    before = files()
    with pytest.raises(KeyboardInterrupt):
        prepare_jhmdb(source, tmp_path / "out", progress=interrupted)
    assert files() == before


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (
            lambda folder: [shutil.rmtree(folder / "videos"), (folder / "joints.npz").unlink()],
            "must hold videos/<class>/<clip>.avi or joints.npz, got neither in '.*source'; give the folder",
        ),
        (lambda folder: shutil.rmtree(folder / "splits"), "must hold splits/<class>_test_split1.txt, got none in"),
        (lambda folder: (folder / "joints.npz").write_bytes(b"PK"), r"joints.npz' must be a readable .npz"),
        (lambda folder: (folder / "splits/wave_test_split2.txt").unlink(), "official list must be a file, got"),
        (
            lambda folder: (folder / "splits/wave_test_split2.txt").write_text("a.avi 1\nb.avi three\n"),
            r"line 2 of '.*wave_test_split2.txt' must be '<clip>.avi \{0\|1\|2\}', got 'b.avi three'",
        ),
    ],
)
def test_other_folders_are_refused(source, tmp_path, break_it, message):
    break_it(source)
    with pytest.raises(InputError, match=message):
        prepare_jhmdb(source, tmp_path / "out")
    assert not (tmp_path / "out/index.json").exists()


@needs_shared("jhmdb14")
def test_real_splits(tmp_path, monkeypatch):
    """Without decoding: 609 clips, the official numbers, and no source video on both sides of train and val."""
    with np.load(REAL / "joints.npz") as joints:
        lengths = {name: len(joints[name]) for name in joints.files}
    monkeypatch.setattr(writer, "probe", lambda path, fps: VideoInfo(lengths[path.stem], 25.0, 240, 320, None))
    assert prepare_jhmdb(REAL, tmp_path) == {"records": 609, "dropped": []}
    records = json.loads((tmp_path / "index.json").read_text())["data_list"]
    for name, train, test in (("split1", 433, 176), ("split2", 433, 176), ("split3", 434, 175)):
        split_by_id = {record["id"]: JHMDB.protocols[name](record) for record in records}
        counts = Counter(split_by_id.values())
        assert counts["train"] + counts["val"] == train
        assert counts["test"] == test
        assert 0.12 * train < counts["val"] < 0.28 * train
        splits_by_video: dict[str, set] = {}
        for record in records:
            splits_by_video.setdefault(record["source_video"], set()).add(split_by_id[record["id"]])
        assert not [source_video for source_video, splits in splits_by_video.items() if {"train", "val"} <= splits]


@pytest.mark.slow
@needs_shared("jhmdb14")
def test_real_videos_match_their_joints(tmp_path):
    assert prepare_jhmdb(REAL, tmp_path) == {"records": 609, "dropped": []}
