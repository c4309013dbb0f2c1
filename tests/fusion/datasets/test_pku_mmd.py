"""PKU-MMD from a small tree in its own format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dataset_files import digest, interrupted_after, write_clip, write_pku

from triad.fusion.datasets import count_splits, pku_mmd
from triad.fusion.datasets.pku_mmd import CLASSES, PKU_MMD, prepare_pku_mmd, read_labels, read_list
from triad.fusion.index import extent_of, load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseReader

FRAMES = 60
TRAIN, TEST, HELD = "0002", "0291", "0110"
NAMES = [f"{recording}-{view}" for recording in (TRAIN, TEST, HELD) for view in "LMR"]
LISTS = {
    "cross-subject": ([name for name in NAMES if name[:4] != TEST], [name for name in NAMES if name[:4] == TEST]),
    "cross-view": ([name for name in NAMES if name[5] != "L"], [name for name in NAMES if name[5] == "L"]),
}


def write_list(path: Path, train: list[str], test: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Training videos: \n{', '.join(train)}, \nValidataion videos: \n{', '.join(test)}, \n")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    for name, splits in LISTS.items():
        write_list(source / f"Split/{name}.txt", *splits)
    for name in NAMES:
        write_pku(source / f"PKU_Skeleton_Renew/{name}.txt", frames=FRAMES)
        (source / "Train_Label_PKU_final").mkdir(exist_ok=True)
        (source / f"Train_Label_PKU_final/{name}.txt").write_text("8,15,30,2\r\n51,45,60,1\r\n")
    write_clip(source / f"RGB_VIDEO/{TEST}-M.avi", frames=FRAMES, fps=30)
    return source


def test_actions_become_records(source, tmp_path):
    report = prepare_pku_mmd(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert report["records"] == 18
    record = index.record(f"{TEST}-M_0001")
    assert (index.classes[record["label"]], record["start"], record["end"]) == ("writing", 1.5, 2.0)
    assert (record["recording"], record["camera"], record["confidence"]) == (TEST, "M", 1)
    assert record["official"] == {"cross_subject": "test", "cross_view": "train"}
    assert record["source_video"] == f"{TEST}-M"
    assert sorted(record["sources"]) == ["rgb", "skeleton"]
    assert sorted(index.record(f"{TEST}-L_0000")["sources"]) == ["skeleton"]
    assert (index.classes[7], len(CLASSES), list(CLASSES)) == ("drink water", 51, sorted(CLASSES))
    times = extent_of(record).start + np.array([0.0, 0.25])
    skeleton = index.source(record, "skeleton")
    clip = PoseReader(layout="ntu25", frame_size=(100, 100)).read(skeleton, times, np.ones(2, bool))
    assert clip.keypoints.shape == (1, 2, 25, 3)  # nobody is the second body
    assert np.allclose(clip.keypoints[0, :, 24], [[-4.5, -2.4, 3.0], [-5.2, -2.4, 3.0]])  # x to the right, y down


def test_splits(source, tmp_path):
    prepare_pku_mmd(source, tmp_path / "out")
    records = load_index(tmp_path / "out").records
    assert count_splits(records, "pku_mmd") == {
        "cross_subject": {"train": 6, "val": 6, "test": 6},
        "cross_view": {"train": 6, "val": 6, "test": 6},
    }
    for name, field in (("cross_subject", "recording"), ("cross_view", "camera")):
        splits = {(record[field], PKU_MMD.protocols[name](record)) for record in records}
        assert len(splits) == 3  # every recording, or camera, is in one split


def test_dropped_clips_have_reasons(source, tmp_path):
    labels = source / "Train_Label_PKU_final"
    (labels / f"{TRAIN}-L.txt").write_text("8,15,30,2\n9,20,20,1\n52,1,2,1\n0,1,2,1\n")
    (labels / f"{TRAIN}-M.txt").write_text("8,15,30,2\n9,20\n")
    (labels / f"{TRAIN}-R.txt").unlink()
    (source / f"PKU_Skeleton_Renew/{HELD}-L.txt").write_text("1.0 2.0 oh\n")
    (source / "Readme.txt").write_text("PKU-MMD")
    write_list(source / "Split/cross-view.txt", [*LISTS["cross-view"][0], "0003-R"], LISTS["cross-view"][1])
    dropped: dict[str, list[str]] = {}
    for row in prepare_pku_mmd(source, tmp_path / "out")["dropped"]:
        if row["reason"] != "video: there is no file":
            dropped.setdefault(row["id"], []).append(row["reason"])
    assert dropped[f"{TRAIN}-L_0001"] == ["segment must end after it begins, got frames 20 to 20"]
    assert dropped[f"{TRAIN}-L_0002"] == ["class of a segment must be from 0 to 50, got 51"]
    assert dropped[f"{TRAIN}-L_0003"] == ["class of a segment must be from 0 to 50, got -1"]
    assert "line 2 of '" in dropped[f"{TRAIN}-M"][0]
    assert dropped[f"{TRAIN}-M"][0].endswith("must be 'class,first frame,end frame,confidence', got '9,20'")
    assert dropped[f"{TRAIN}-R"][0].startswith(f"labels: labels of '{TRAIN}-R' must be a file, got ")
    assert dropped[f"{HELD}-L"][0].startswith("skeleton: ")  # and with it the whole, as it has no video
    assert dropped["0003-R"] == ["in an official list, but there is no file of it"]
    assert dropped["Readme"][0].endswith("is not named as the dataset's videos are")


def test_empty_file_is_dropped(source, tmp_path):
    """Nor does it hide the labels, or the joints, of the same name."""
    for name, text in ((f"{TRAIN}-L", ""), (f"{TRAIN}-M", "\r\n\n")):
        (source / f"PKU_Skeleton_Renew/{name}.txt").unlink()
        (source / f"Empty/{name}.txt").parent.mkdir(exist_ok=True)
        (source / f"Empty/{name}.txt").write_text(text)
        write_clip(source / f"RGB_VIDEO/{name}.avi", frames=FRAMES, fps=30)
    dropped = prepare_pku_mmd(source, tmp_path / "out")["dropped"]
    reason = f"'{source}/Empty/{TRAIN}-L.txt' holds neither labels nor joints: it is empty"
    assert {"id": f"{TRAIN}-L", "reason": reason} in dropped
    index = load_index(tmp_path / "out")
    assert sorted(index.record(f"{TRAIN}-M_0000")["sources"]) == ["rgb"]


def test_missing_list_costs_its_protocol(source, tmp_path):
    (source / "Split/cross-view.txt").unlink()
    (source / "Split/cross-subject.txt").rename(source / "cross-subject.txt")
    report = prepare_pku_mmd(source, tmp_path / "out")
    assert report["dropped"][-1]["id"] == "cross-view"
    assert "official list must be a file, got" in report["dropped"][-1]["reason"]
    counts = count_splits(load_index(tmp_path / "out").records, "pku_mmd")
    assert counts["cross_subject"] == {"train": 6, "val": 6, "test": 6}
    assert counts["cross_view"] == {"train": 0, "val": 0, "test": 0}


def test_videos_without_skeletons(source, tmp_path):
    for path in (source / "PKU_Skeleton_Renew").iterdir():
        path.unlink()
    for name in NAMES:
        write_clip(source / f"RGB_VIDEO/{name}.avi", frames=FRAMES, fps=30)
    report = prepare_pku_mmd(source, tmp_path / "out")
    assert report == {"records": 18, "dropped": []}
    assert list(load_index(tmp_path / "out").metainfo["streams"]) == ["rgb"]


def test_interrupted_run_leaves_nothing(source, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(pku_mmd, "_read", interrupted_after(1, pku_mmd._read))
        with pytest.raises(KeyboardInterrupt):
            prepare_pku_mmd(source, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    first = prepare_pku_mmd(source, tmp_path / "out")
    files = digest(tmp_path / "out")
    assert prepare_pku_mmd(source, tmp_path / "out") == first
    assert digest(tmp_path / "out") == files


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0002-L, 0003-L",
        "Training videos:\n0002-L\n",
        "Training videos:\n0002-L\nValidataion videos:\n\n",
        "Training videos:\n0002-L, 0003-L\nValidataion videos:\n0003-L\n",
    ],
)
def test_invalid_lists_are_refused(tmp_path, text):
    (tmp_path / "cross-view.txt").write_text(text)
    with pytest.raises(InputError, match=r"official list '.*cross-view.txt' must name training and test videos"):
        read_list(tmp_path / "cross-view.txt")


def test_list_with_blank_lines(tmp_path):
    (tmp_path / "list.txt").write_text("Training videos: \n0002-L, 0002-M\n\nValidataion videos: \n0003-L, ")
    assert read_list(tmp_path / "list.txt") == {"0002-L": "train", "0002-M": "train", "0003-L": "test"}


@pytest.mark.parametrize(
    "row", ["8,15,30", "8,15,30,2,2", "8,-1,30,2", "a,1,2,3", "8,1e9,2,3", "8,99999999,2,3", "\x00"]
)
def test_invalid_label_rows_are_refused(tmp_path, row):
    (tmp_path / "0002-L.txt").write_text(f"8,15,30,2\n\n{row}\n")
    with pytest.raises(InputError, match=r"line 3 of '.*0002-L.txt' must be 'class,first frame,end frame,confidence'"):
        read_labels(tmp_path / "0002-L.txt")


def test_binary_label_file_is_refused(tmp_path):
    (tmp_path / "0002-L.txt").write_bytes(b"8,\xff\xfe")
    with pytest.raises(InputError, match="must be text, got"):
        read_labels(tmp_path / "0002-L.txt")


def test_folder_without_labels_is_refused(tmp_path):
    write_pku(tmp_path / "0002-L.txt", frames=3)
    with pytest.raises(InputError, match=r"source must hold label files <NNNN>-<L\|M\|R>.txt, got none in"):
        prepare_pku_mmd(tmp_path, tmp_path / "out")
