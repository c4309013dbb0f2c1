"""Segments become numbered records, and invalid ones are dropped with a reason."""

from __future__ import annotations

from triad.fusion.datasets.segments import Segment, segment_records


def test_segments_become_numbered_records():
    segments = [Segment(1, 0, 5, {"confidence": 2}), Segment(0, 3, 8)]
    records, dropped = segment_records("v", segments, fields={"camera": "L"}, num_classes=2, fps=10.0)
    assert records == (
        {
            "id": "v_0000",
            "label": 1,
            "source_video": "v",
            "camera": "L",
            "confidence": 2,
            "start": 0.0,
            "end": 0.5,
        },
        {"id": "v_0001", "label": 0, "source_video": "v", "camera": "L", "start": 0.3, "end": 0.8},
    )
    assert dropped == []


def test_invalid_segments_are_dropped():
    segments = [Segment(2, 0, 5), Segment(0, 5, 5), Segment(0, 0, 1)]
    records, dropped = segment_records("v", segments, fields={}, num_classes=2, fps=10.0)
    assert [record["id"] for record in records] == ["v_0002"]
    assert dropped == [
        {"id": "v_0000", "reason": "class of a segment must be from 0 to 1, got 2"},
        {"id": "v_0001", "reason": "segment must end after it begins, got frames 5 to 5"},
    ]


def test_segment_beyond_recording_is_cut_or_dropped():
    segments = [Segment(0, 5, 12), Segment(0, 10, 12)]
    records, dropped = segment_records("v", segments, fields={}, num_classes=2, fps=10.0, num_frames=10)
    assert [(record["start"], record["end"]) for record in records] == [(0.5, 1.0)]
    assert dropped == [
        {"id": "v_0001", "reason": "segment must begin within the 10 frames of the recording, got frame 10"}
    ]


def test_recording_without_segment_has_reason():
    dropped = [{"id": "v", "reason": "annotated with no action"}]
    assert segment_records("v", [], fields={}, num_classes=2, fps=10.0) == ((), dropped)
