"""Files of clips are grouped by the name that they share."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.clip_files import ClipFiles, find_clips
from triad.modalities.checks import InputError

OPTIONS = {"skeleton": ("_pose.json", ".json"), "video": (".avi",), "cure": "give a folder"}


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_files_are_grouped_by_id(tmp_path):
    touch(tmp_path, "x/a2.avi", "a1_pose.json", "y/a1.avi")
    clips, dropped = find_clips(tmp_path, r"a(?P<number>\d)", exclude=tmp_path / "out", **OPTIONS)
    assert clips == [
        ClipFiles("a1", {"number": "1"}, tmp_path / "a1_pose.json", tmp_path / "y/a1.avi"),
        ClipFiles("a2", {"number": "2"}, None, tmp_path / "x/a2.avi"),
    ]
    assert dropped == []


def test_other_names_and_duplicates_are_dropped(tmp_path):
    touch(tmp_path, "a1.json", "b/a1_pose.json", "readme.json")
    clips, dropped = find_clips(tmp_path, r"a\d", exclude=tmp_path / "out", **OPTIONS)
    assert [clip.id for clip in clips] == ["a1"]
    assert [entry["reason"].partition("'")[0] for entry in dropped] == ["skeleton: ", "skeleton: "]
    assert "is there twice, also" in dropped[0]["reason"]
    assert "is not named as the dataset's clips are" in dropped[1]["reason"]


def test_folder_without_clips_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"source must hold clips named as the dataset's are, got none in .*; give a"):
        find_clips(tmp_path, r"a\d", exclude=tmp_path / "out", **OPTIONS)
