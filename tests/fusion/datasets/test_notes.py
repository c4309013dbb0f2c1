"""Notes about overlapping segments: same class and recording alone."""

from __future__ import annotations

from triad.fusion.datasets.notes import overlap_notes


def record(name: str, label: int, start: float, end: float, video: str = "v") -> dict:
    return {"id": name, "label": label, "start": start, "end": end, "source_video": video}


def test_overlap_of_a_class_is_noted():
    records = [record("a", 0, 0, 5), record("b", 0, 4, 6), record("c", 0, 1, 2), record("d", 0, 6, 7)]
    assert overlap_notes(records) == [
        "2 segments overlap another of their class in their recording, such as 'b': kept as annotated; "
        "evaluate localization takes those that overlap as one"
    ]


def test_other_classes_and_recordings_may_overlap():
    records = [record("a", 0, 0, 5), record("b", 1, 4, 6), record("c", 0, 4, 6, "w"), {"id": "d", "label": 0}]
    assert overlap_notes(records) == []
