"""Classes that are numbers keep the order of numbers; names that mean the same are noted."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.custom.class_list import notes_on_classes, read_class_names, sort_classes
from triad.modalities.checks import InputError


def test_numbers_are_sorted_by_value():
    assert sort_classes({"10", "2", "0", "1"}) == ["0", "1", "2", "10"]
    assert sort_classes({"10.0", "2.0"}) == ["2.0", "10.0"]
    assert sort_classes({"-1", "1"}) == ["-1", "1"]
    assert sort_classes({"10", "2", "x"}) == ["10", "2", "x"]
    assert sort_classes(set()) == []


def test_numbers_with_gaps_are_noted():
    assert notes_on_classes(["0", "1", "2"]) == []
    assert notes_on_classes(["0", "2"]) == ["classes are numbers with gaps or not from 0: label 1 stands for class '2'"]
    assert notes_on_classes(["1", "2"]) == ["classes are numbers with gaps or not from 0: label 0 stands for class '1'"]


def test_equal_spellings_are_noted():
    assert notes_on_classes(["Sit down", "sit_down", "🙂", "🙂🙂"]) == [
        "classes 'Sit down', 'sit_down' differ in spelling alone"
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("wave\nsit down\n", {0: "wave", 1: "sit down"}),
        ("1 Wave\r\n2 SitDown\r\n", {1: "Wave", 2: "SitDown"}),
        ("id,name\n0,wave\n1,sit down\n", {0: "wave", 1: "sit down"}),
        ("id,key,instances\n0,take,\"['take', 'pick']\"\n1,put,x\n", {0: "take", 1: "put"}),
        ("50 metres\nwave\n", {0: "50 metres", 1: "wave"}),
    ],
)
def test_names_of_numbers(tmp_path, text, names):
    (tmp_path / "classes.txt").write_text(text)
    assert read_class_names(tmp_path / "classes.txt") == names


def test_number_with_two_names_is_refused(tmp_path):
    (tmp_path / "classes.txt").write_text("0 a\n0 b\n")
    with pytest.raises(InputError, match="must give each number one name, got 2 names for 1 numbers"):
        read_class_names(tmp_path / "classes.txt")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,name\n" + "9" * 5000 + ",x\n", "row 2 of the classes must have an id and a name, got"),
        ("id,name\n0,wave\nx,sit\n", "row 3 of the classes must have an id and a name, got .*'sit'"),
        ('id,name\n1,"' + "x" * 200_000 + '"\n', "must be a list of classes, got field larger than field limit"),
        (b"wave\n\xff\n", "must be text in UTF-8, got byte 0xff in line 2"),
    ],
)
def test_damaged_lists_are_refused(tmp_path, text, message):
    (tmp_path / "classes.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message) as caught:
        read_class_names(tmp_path / "classes.txt")
    assert len(str(caught.value)) < 500
