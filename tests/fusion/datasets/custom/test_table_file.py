"""Tables as other programs write them: encodings, separators, index columns, paths of Windows."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.custom.lists import VideoFiles
from triad.fusion.datasets.custom.table_rows import read_rows, split_of_list
from triad.modalities.checks import InputError


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfpath,label\r\na b.mp4,x\r\n",
        "path\tlabel\na b.mp4\tx\n".encode("utf-16"),
        b',path,label\n0,"a b.mp4",x\n',
        b"Unnamed: 0,path,label\n17,a b.mp4,x\n",
        b"index;path;label\n3;a b.mp4;x\n",
        b'path,label,\n"a b.mp4",x,\n',
        b"path,label,,\na b.mp4,x,,\n,,,\n",
        b"sep=;\r\npath;label\r\na b.mp4;x\r\n",
        b"\xef\xbb\xbfsep=|\npath|label\na b.mp4|x\n",
        "path;label\r\na b.mp4;x\r\n".encode("utf-16-le"),
        "path,label\na b.mp4,x\n".encode("utf-16-be"),
        "path,label\na b.mp4,x\n".encode("utf-32"),
        b"path;label\ra b.mp4;x\r",
        b"path,label\n.\\a b.mp4,x\n",
        b"a b.mp4 x\n".replace(b" x", b" 0"),
    ],
)
def test_tables_of_many_programs(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    rows, dropped = read_rows(tmp_path / "t.csv")
    assert dropped == []
    assert [row.span for row in rows] == [("a b.mp4", None, None)]


def test_backslashes_are_of_windows(tmp_path):
    (tmp_path / "t.csv").write_text("path,label\nclips\\drink\\d1.mp4,x\nC:\\clips\\d1.mp4,x\n")
    rows, dropped = read_rows(tmp_path / "t.csv")
    assert [row.path for row in rows] == ["clips/drink/d1.mp4"]
    assert dropped[0]["reason"].startswith(
        r"path must be on this machine, got 'C:\clips\d1.mp4' of a Windows machine; "
    )
    (tmp_path / "clips\\drink\\d1.mp4").touch()  # a legal name here
    assert [row.path for row in read_rows(tmp_path / "t.csv")[0]] == ["clips\\drink\\d1.mp4"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b",path,label\nx,a.mp4,b\n",
            "column '' of '.*' must have a name, or hold the numbers of the rows, got 'x' in",
        ),
        (b"a.mp4,drink\n", "'.*' must begin with a row of column names such as path,label, got 'a.mp4, drink'"),
        (
            b"id,subject,scene,actions,length\nx,y,z,c1 0 1,3\n",
            "got the list of Charades.*; .*triad prepare charades FOLDER",
        ),
        (b"path,label\nx,\xe9\n", "must be text in UTF-8, got byte 0xe9 in line 2; .* cp1252 .* save it as CSV UTF-8"),
        (b"PK\x03\x04\x14", "must be a CSV table, got a workbook of Excel or OpenDocument; save it as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1", "must be a CSV table, got a workbook of Excel 97; save it as CSV UTF-8"),
        (b"path,label,,\na.mp4,x,,note\n", "column '' of '.*' must have a name, or .* got 'note' in line 2"),
    ],
)
def test_unknown_tables_say_why(tmp_path, content, message):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_rows(tmp_path / "t.csv")


def test_whole_paths_of_other_machines(tmp_path):
    """Their ends are looked for in a folder that the user named, all behind the same beginning."""
    (tmp_path / "v/drink").mkdir(parents=True)
    (tmp_path / "v/drink/1.mp4").touch()
    (tmp_path / "v/1.mp4").touch()
    paths = ["/data/k/drink/1.mp4", "/data/k/1.mp4", "/data/eat/1.mp4", "/data/k/gone.mp4", "/data/k/../v/1.mp4"]
    (tmp_path / "t.csv").write_text("path,label\n" + "".join(f"{path},{n}\n" for n, path in enumerate(paths)))
    rows, _ = read_rows(tmp_path / "t.csv", videos=VideoFiles(tmp_path / "v", is_named=True))
    assert [row.path for row in rows] == ["drink/1.mp4", "1.mp4", *paths[2:]]
    rows, _ = read_rows(tmp_path / "t.csv", videos=VideoFiles(tmp_path / "v"))
    assert [row.path for row in rows] == paths
    (tmp_path / "t.csv").write_text("path,label\nD:\\k\\drink\\1.mp4,x\nD:\\other\\1.mp4,x\n")
    rows, dropped = read_rows(tmp_path / "t.csv", videos=VideoFiles(tmp_path / "v", is_named=True))
    assert [row.path for row in rows] == ["drink/1.mp4"]
    assert dropped[0]["reason"].startswith(r"path must be on this machine, got 'D:\other\1.mp4' of a Windows machine")


def test_lists_of_splits(tmp_path):
    (tmp_path / "train.csv").write_text("path,label\na.mp4,x\n")
    (tmp_path / "validation.csv").write_text("path,label\nb.mp4,x\nb.mp4,y\n")
    (tmp_path / "notes.txt").write_text("of another kind")
    rows, dropped = read_rows(tmp_path)
    assert [(row.location, row.path, row.words["split"]) for row in rows] == [
        ("train.csv, line 2", "a.mp4", "train"),
        ("validation.csv, line 2", "b.mp4", "val"),
    ]
    assert dropped[0]["id"] == "validation.csv, line 3"
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"must hold lists that are named after splits, such as train.csv"):
        read_rows(tmp_path / "empty")


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("kinetics400_val_list_videos.txt", "val"),
        ("something-something-v2-validation.json", "val"),
        ("trainlist01.txt", "train"),
        ("EPIC_100_train.csv", "train"),
        ("Charades_v1_test.csv", "test"),
        ("labels.txt", None),
        ("train_val.csv", None),
    ],
)
def test_split_in_name_of_list(tmp_path, name, split):
    assert split_of_list(tmp_path / name) == split


@pytest.mark.parametrize("times", ['"0,5","2,25"', "0.5,2.25", "00:00:00.5,0:00:02.25", '"00:00:00,5","0:00:02,25"'])
def test_times_are_read_as_they_are_spelt(tmp_path, times):
    (tmp_path / "t.csv").write_text(f"path,label,start,end\na.mp4,x,{times}\n")
    rows, dropped = read_rows(tmp_path / "t.csv")
    assert dropped == []
    assert [row.span for row in rows] == [("a.mp4", 0.5, 2.25)]


def test_times_of_unclear_form_are_dropped(tmp_path):
    (tmp_path / "t.csv").write_text("path,label,start,end\na.mp4,x,01:30,02:10\n")
    assert read_rows(tmp_path / "t.csv")[1][0]["reason"] == "time must be hh:mm:ss.ss, got '01:30'"
