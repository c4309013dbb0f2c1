"""Records of one video, its name and its length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from triad.fusion.index import Index, group_by_video, video_duration

CLOCK = {"num": 30, "fps": 10.0}


def record(name: str, path: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "label": 0, "sources": {"rgb": {"path": path, **CLOCK}}, **fields}


def test_segments_of_a_file_are_one_video():
    records = [record("v_0", "v.mp4", start=0.0, end=1.0), record("v_1", "v.mp4", start=1.0, end=2.0)]
    groups = group_by_video([*records, record("w", "w.mp4")])
    assert {name: [row["id"] for row in rows] for name, rows in groups.items()} == {"v": ["v_0", "v_1"], "w": ["w"]}


def test_video_has_name_of_its_recording():
    records = [record("v_0", "a.mp4", start=0.0, end=1.0, source_video="kitchen")]
    assert list(group_by_video(records)) == ["kitchen"]


def test_two_videos_of_one_name_stay_apart():
    records = [record("v_0", f"{folder}/v.mp4", start=0.0, end=1.0, source_video="v") for folder in "ab"]
    assert len(group_by_video(records)) == 2


@pytest.mark.parametrize(("stated", "seconds"), [(2.5, 2.5), (None, 3.0), (float("nan"), 3.0), (True, 3.0), (-1, 3.0)])
def test_length_is_stated_or_that_of_files(stated, seconds):
    metainfo = {"dataset": "table", "classes": ["x"], "streams": {"rgb": {"modality": "rgb"}}}
    row = record("v_0", "v.mp4", start=0.0, end=1.0)
    index = Index(Path(), {**metainfo, "durations": {"v": stated}}, [row])
    assert video_duration("v", row, index) == seconds
