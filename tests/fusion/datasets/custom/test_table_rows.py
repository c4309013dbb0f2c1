"""Rows of a table are normalised and checked one by one; columns are checked at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.datasets.custom.table_rows import TableRow, read_rows
from triad.modalities.checks import InputError


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_values_are_stripped_and_normalized(tmp_path):
    table = write(
        tmp_path / "t.csv", " Path ;LABEL;start;split", " a.mp4 ; Tu\u0308r ;0,5;Validation", "b.mp4;x;;train"
    )
    rows, dropped = read_rows(table)
    assert dropped == []
    assert rows == [
        TableRow("line 2", {"path": "a.mp4", "label": "Tür", "split": "val"}, {"start": 0.5}),
        TableRow("line 3", {"path": "b.mp4", "label": "x", "split": "train"}, {}),
    ]
    assert rows[0].span == ("a.mp4", 0.5, None)


def test_skeleton_stands_for_missing_path(tmp_path):
    rows, _ = read_rows(write(tmp_path / "t.csv", "skeleton,label", "p.npz,x"))
    assert rows[0].path == "p.npz"


def test_equal_spans_count_once(tmp_path):
    rows, dropped = read_rows(write(tmp_path / "t.csv", "path,label", "a.mp4,x", "./a.mp4,x"))
    assert [row.path for row in rows] == ["a.mp4"]
    assert dropped == [
        {
            "id": "t.csv, line 3",
            "reason": "the clip must be named once, got './a.mp4' of line 2 again; it counts once",
        }
    ]


def test_incomplete_subjects_are_dropped(tmp_path):
    rows, dropped = read_rows(write(tmp_path / "t.csv", "path,label,subject", "a.mp4,x,s1", "b.mp4,x,"))
    assert [row.path for row in rows] == ["a.mp4"]
    assert dropped[0]["reason"].startswith("subject must have a value where other rows have one, got none")


def test_unknown_column_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"column of '.*t.csv' must be one of .*, got 'lable' \(did you mean 'label'"):
        read_rows(write(tmp_path / "t.csv", "path,lable", "a.mp4,x"))


def test_segment_may_have_several_labels(tmp_path):
    rows, dropped = read_rows(
        write(tmp_path / "t.csv", "path,label,start,end", "a.mp4,x,0,2", "a.mp4,y,0,2", "a.mp4,x,0,2")
    )
    assert [row.words["label"] for row in rows] == ["x", "y"]
    assert dropped == [
        {"id": "t.csv, line 4", "reason": "the clip must be named once, got 'a.mp4' of line 2 again; it counts once"}
    ]
