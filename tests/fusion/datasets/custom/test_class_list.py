"""Classes that are numbers keep the order of numbers; names that mean the same are noted."""

from __future__ import annotations

from fusion.datasets.custom.class_list import notes_on_classes, sort_classes


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
