"""Ids of custom recordings are safe and unique, and usual names of splits are understood."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.custom.writer import check_frames, parse_split, safe_ids
from triad.modalities.checks import InputError
from triad.modalities.video import VideoInfo


def test_ids_are_unique():
    names = ["a b", "a_b", "A-B", "...", "x" * 300, "é"]
    ids = safe_ids(names, names)
    assert len({name.casefold() for name in ids}) == 6
    assert (ids[2], ids[5]) == ("A-B", "é")
    assert ids[0].startswith("a_b-")
    assert ids[3].startswith("clip-")
    assert len(ids[4]) == 129
    assert safe_ids(names[::-1], names[::-1])[::-1] == ids


def test_usual_names_of_splits():
    assert [parse_split(word) for word in ("Train", " valid", "DEV", "testing")] == ["train", "val", "val", "test"]
    with pytest.raises(InputError, match=r"got 'tset' \(did you mean 'test'\?\)"):
        parse_split("tset")


def test_single_frames_are_refused():
    record = {"path": "a.mp4"}
    assert check_frames(record, None) is record
    assert check_frames(record, VideoInfo(2, 10.0, 24, 32, None)) is record
    with pytest.raises(
        InputError, match=r"video of 'a.mp4' must have at least 2 frames, for an action takes time, got 1"
    ):
        check_frames(record, VideoInfo(1, 10.0, 24, 32, None))
