"""Packed records read as a list of them would."""

import pytest

from fusion.index.packed_records import PackedRecords

ROWS = [
    {"id": "a", "label": 0, "sources": {"rgb": {"path": "ä.mp4", "num": 3}}},
    {"id": "b"},
    {"id": "c", "start": 0.5},
]


def test_reads_as_a_list_does():
    packed = PackedRecords(ROWS)
    assert list(packed) == ROWS
    assert packed[-1] == ROWS[-1]
    assert packed[1:] == ROWS[1:]
    assert len(packed) == 3
    with pytest.raises(IndexError):
        packed[3]


def test_a_change_of_what_was_read_changes_nothing():
    packed = PackedRecords(ROWS)
    packed[0]["sources"].clear()
    assert packed[0] == ROWS[0]


def test_none_at_all():
    assert list(PackedRecords([])) == []
