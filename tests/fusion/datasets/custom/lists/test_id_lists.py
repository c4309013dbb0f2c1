"""Lists that name videos by ids: each row becomes one of a table, or says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from triad.fusion.datasets.custom.lists import VideoFiles, format_of
from triad.fusion.datasets.custom.lists.epic_kitchens import seconds_of
from triad.fusion.datasets.custom.table_rows import TableRow, read_rows
from triad.modalities.checks import InputError


def touch(folder: Path, *names: str) -> VideoFiles:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return VideoFiles(folder)


def test_videos_are_found_by_stem(tmp_path):
    videos = touch(
        tmp_path / "v", "a/1.mp4", "b/2.WEBM", "b/2.txt", "3.mp4", "c/3.mkv", "out/4.mp4", "frames/5/img_1.jpg"
    )
    videos = VideoFiles(videos.folder, exclude=videos.folder / "out")
    assert videos.find("1", (".mp4",)) == "a/1.mp4"
    assert videos.find("2", (".mp4", ".webm")) == "b/2.WEBM"
    assert videos.find("4", (".mp4",)) is None
    assert videos.find("5", (".mp4",)) == "frames/5"
    assert videos.find("a", (".mp4",)) == "a"  # a folder
    with pytest.raises(InputError, match=r"video '3' must be once below '.*', got '3.mp4' and 'c/3.mkv'"):
        videos.find("3", (".mp4", ".mkv"))


def test_formats_are_known_by_columns():
    assert format_of(["label", "youtube_id", "time_start", "time_end", "split"]).name == "Kinetics"
    assert format_of(["id", "label", "template", "placeholders"]).name == "Something-Something"
    assert format_of(["path", "label"]) is None


def test_something_something_template(tmp_path):
    touch(tmp_path / "v", "78687.webm")
    rows = [
        {"id": "78687", "label": "holding potato next to box", "template": "Holding [something] next to [something]"},
        {"id": "1", "label": "x", "template": "Closing [something]"},
        {"id": "78687"},
    ]
    (tmp_path / "something-something-v2-train.json").write_text(json.dumps(rows))
    rows, dropped = read_rows(tmp_path / "something-something-v2-train.json", videos=VideoFiles(tmp_path / "v"))
    assert rows == [TableRow("row 1", {"path": "78687.webm", "label": "Holding something next to something"}, {})]
    assert [entry["reason"].partition(",")[0] for entry in dropped] == [
        f"video '1' must be below '{tmp_path}/v'",
        "template must have a value",
    ]


def test_kinetics_json_is_its_csv(tmp_path):
    touch(tmp_path, "abc.mp4")
    entry = {"annotations": {"label": "waving", "segment": [1.0, 11.0]}, "subset": "validate", "url": "…"}
    (tmp_path / "k.json").write_text(json.dumps({"abc": entry, "def": {"annotations": None}}))
    rows, dropped = read_rows(tmp_path / "k.json")
    assert rows == [TableRow("row 1", {"path": "abc.mp4", "label": "waving", "split": "val"}, {"start": 1, "end": 11})]
    assert dropped[0]["reason"] == "time_start and time_end must be seconds, got '' and ''"


def test_epic_segments(tmp_path):
    touch(tmp_path, "P01/P01_01.MP4")
    header = "narration_id,participant_id,video_id,start_timestamp,stop_timestamp,verb,verb_class"
    lines = ["P01_01_0,P01,P01_01,00:00:00.14,00:01:03.37,open,3", "P01_01_1,P01,P01_01,soon,00:00:05.0,open,3"]
    (tmp_path / "EPIC_100_train.csv").write_text("\n".join([header, *lines]))
    rows, dropped = read_rows(tmp_path / "EPIC_100_train.csv")
    words = {"path": "P01/P01_01.MP4", "label": "3", "subject": "P01"}
    assert rows == [TableRow("line 2", words, {"start": 0.14, "end": 63.37})]
    assert dropped[0]["reason"] == "time must be hh:mm:ss.ss, got 'soon'"
    assert seconds_of("01:02:03.5") == "3723.500"
