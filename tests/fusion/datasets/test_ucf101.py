"""UCF101 from a tiny tree in its own format: lists, a class that its clips spell otherwise, missing files."""

from __future__ import annotations

import pytest
from dataset_files import digest, write_clip

from triad.fusion.datasets import get_protocol
from triad.fusion.datasets.ucf101 import prepare_ucf101
from triad.fusion.index import load_index
from triad.modalities.checks import InputError

LISTS = "ucfTrainTestlist"
STAND = "HandstandPushups/v_HandStandPushups"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / LISTS).mkdir(parents=True)
    (folder / LISTS / "classInd.txt").write_text("1 Archery\r\n2 HandstandPushups\r\n")
    for split, (train, test) in enumerate((((8, 25), (1,)), ((1, 25), (8,)), ((8, 25), (1,))), 1):
        rows = [f"Archery/v_Archery_g{group:02d}_c01.avi 1" for group in train] + [f"{STAND}_g09_c02.avi 2"]
        (folder / LISTS / f"trainlist0{split}.txt").write_text("\r\n".join(rows) + "\r\n")
        rows = [f"Archery/v_Archery_g{group:02d}_c01.avi" for group in test]
        (folder / LISTS / f"testlist0{split}.txt").write_text("".join(f"{row}\n" for row in rows))
    for group in (1, 8, 25):
        write_clip(folder / f"UCF-101/Archery/v_Archery_g{group:02d}_c01.avi", frames=5, fps=25)
    return folder


def test_prepared_and_dropped_clips(source, tmp_path):
    write_clip(source / "UCF-101/Archery/v_Archery_g02_c01.avi", frames=5, fps=25)
    write_clip(source / "again/v_Archery_g01_c01.avi", frames=5, fps=25)
    (source / "UCF-101/Archery/v_Archery_g08_c01.avi").write_bytes(b"RIFF")
    report = prepare_ucf101(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert report["records"] == 2
    assert index.classes == ["Archery", "HandstandPushups"]
    first, last = index.records
    assert (first["id"], first["label"], first["num_frames"], first["source_video"]) == (
        *("v_Archery_g01_c01", 0, 5),
        "Archery_g01",
    )
    assert first["official"] == {"split1": "test", "split2": "train", "split3": "test"}
    sides = [[get_protocol("ucf101", f"split{split}")(row) for split in (1, 2, 3)] for row in (first, last)]
    assert sides == [["test", "train", "test"], ["val", "val", "val"]]
    reasons = [(row["id"], row["reason"]) for row in report["dropped"]]
    assert reasons[:2] == [
        ("v_Archery_g01_c01", f"video: '{source}/again/v_Archery_g01_c01.avi' is there twice, also "
         f"'{source}/UCF-101/Archery/v_Archery_g01_c01.avi'"),
        ("v_Archery_g02_c01", f"video: '{source}/UCF-101/Archery/v_Archery_g02_c01.avi' is in no official list"),
    ]  # fmt: skip
    assert "v_Archery_g08_c01.avi" in reasons[2][1]
    assert reasons[3:] == [("v_HandStandPushups_g09_c02", "video: in an official list, but there is no file")]


def test_class_is_folder_in_list(source, tmp_path):
    write_clip(source / f"UCF-101/{STAND}_g09_c02.avi", frames=5, fps=25)
    prepare_ucf101(source, tmp_path / "out")
    record = load_index(tmp_path / "out").record("v_HandStandPushups_g09_c02")
    assert (record["label"], record["source_video"]) == (1, "HandstandPushups_g09")


def test_preparing_again_gives_same_bytes(source, tmp_path):
    prepare_ucf101(source, tmp_path / "out")
    before = digest(tmp_path / "out")
    assert list(before) == ["index.json"]
    prepare_ucf101(source, tmp_path / "out")
    assert digest(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("classInd.txt", None, r"UCF101 folder must hold the official lists \(classInd.txt …\), got '.*source'; give"),
        ("classInd.txt", "1 Archery\n3 Bowling\n", "line 2 of '.*classInd.txt' must be '2 <Class>', got '3 Bowling'"),
        ("testlist02.txt", None, "official list must be a file, got '.*testlist02.txt', which does not exist; give"),
        ("trainlist01.txt", "Archery/v_Archery_g08_c01.avi 2\n", "line 1 of '.*' must be .*number of the class>'"),
        ("trainlist01.txt", "Archery/v_Archery_g08_c01.avi\n", "line 1 of '.*trainlist01.txt' must be"),
        ("testlist01.txt", "\nBowling/v_Bowling_g08_c01.avi\n", "line 2 of '.*testlist01.txt' must be '<Class>/v_"),
        ("testlist01.txt", "Archery/Archery_g08_c01.avi\n", "line 1 of '.*testlist01.txt' must be '<Class>/v_"),
    ],
)
def test_invalid_lists_are_refused(source, tmp_path, file, content, message):
    path = source / LISTS / file
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(InputError, match=message):
        prepare_ucf101(source, tmp_path / "out")
    assert not (tmp_path / "out/index.json").exists()
