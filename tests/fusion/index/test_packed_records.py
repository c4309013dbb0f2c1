"""Packed records read as a list of them would."""

import pytest

from triad.fusion.index import PackedRecords

RECORDS = [
    {"id": "a", "label": 0, "sources": {"rgb": {"path": "ä.mp4", "num": 3}}},
    {"id": "b"},
    {"id": "c", "start": 0.5},
]


def test_reads_like_a_list():
    packed = PackedRecords(RECORDS)
    assert list(packed) == RECORDS
    assert packed[-1] == RECORDS[-1]
    assert packed[1:] == RECORDS[1:]
    assert len(packed) == 3
    with pytest.raises(IndexError):
        packed[3]


def test_changing_a_record_changes_nothing():
    packed = PackedRecords(RECORDS)
    packed[0]["sources"].clear()
    assert packed[0] == RECORDS[0]


def test_no_records():
    assert list(PackedRecords([])) == []
