"""Labels of records over time, and those of a part of a video."""

from __future__ import annotations

import pytest

from triad.fusion.index import label_indices, label_spans, labels_within, single_label, video_key
from triad.modalities.checks import InputError

WHOLE = {"id": "x", "num_frames": 50, "fps": 10.0, "sources": {}}


@pytest.mark.parametrize(
    ("label", "spans"),
    [
        (None, []),
        (1, [(0.0, 5.0, 1)]),
        ([], []),
        ([0, 2], [(0.0, 5.0, 0), (0.0, 5.0, 2)]),
        ([{"start": 1.0, "end": 2.0, "label": 1}], [(1.0, 2.0, 1)]),
    ],
)
def test_spans_of_each_form(label, spans):
    assert label_spans({**WHOLE, "label": label}) == spans


def test_segment_holds_in_its_span():
    assert label_spans({**WHOLE, "label": 1, "start": 1.0, "end": 3.0}) == [(1.0, 3.0, 1)]


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        (0.0, 4.0, [1, 0]),  # half of the part
        (1.0, 9.0, [1, 1]),  # half of the action
        (1.1, 4.0, [0, 0]),
        (4.0, 8.0, [0, 1]),  # the whole of a short action
        (5.2, 9.0, [0, 0]),  # less than half of it
    ],
)
def test_half_of_the_shorter_counts(start, end, labels):
    assert labels_within([(0.0, 2.0, 0), (4.8, 5.5, 1)], start, end, 2).astype(int).tolist() == labels


def test_list_is_no_single_label():
    assert single_label({"id": "x", "label": None}, "") is None
    assert single_label({"id": "x", "label": 3}, "") == 3
    with pytest.raises(InputError, match="label of record 'x' must be one class, got a list of 2; cut it"):
        single_label({"id": "x", "label": [0, 1]}, "cut it")


def test_video_is_its_file():
    rgb = {"path": "a.mp4", "num": 1}
    skeleton = {"path": "s", "clip": 3, "num": 1}
    assert video_key({"id": "x", "sources": {"skeleton": skeleton, "rgb": rgb}}) == ("a.mp4", None)
    assert video_key({"id": "x", "sources": {"skeleton": skeleton}}) == ("s", 3)
    assert video_key({"id": "x", "sources": {}}) == ("x",)


def test_indices_need_no_clock():
    segments = [{"start": 1, "end": 2, "label": 4}, {"start": 3, "end": 4, "label": 4}]
    labels = [None, 3, [], [2, 0], segments]
    assert [label_indices({"label": label}) for label in labels] == [[], [3], [], [2, 0], [4]]
