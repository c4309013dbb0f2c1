"""Frame-wise labels in both of their forms become the same segments."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.frame_labels import read_frame_labels
from triad.fusion.datasets.segments import Segment
from triad.modalities.checks import InputError

CLASSES = ("SIL", "pour", "stir")
SEGMENTS = [Segment(0, 0, 2), Segment(2, 2, 5), Segment(0, 5, 6)]


@pytest.mark.parametrize("text", ["SIL\nSIL\nstir\nstir\nstir\nSIL\n\n", "1-2 SIL\r\n3-5 stir  \r\n6-6 SIL\r\n"])
def test_both_forms_agree(tmp_path, text):
    (tmp_path / "x.txt").write_text(text)
    assert read_frame_labels(tmp_path / "x.txt", CLASSES) == SEGMENTS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SIL\nSIL\nsleep\n", "line 3 of '.*' must end with one of the 3 classes, got 'sleep'"),
        ("1-2 SIL\n3-5 sleep\n", "line 2 of '.*' must end with one of the 3 classes, got 'sleep'"),
        (b"SIL\n\xff", "must be text in UTF-8, got byte 0xff in line 2"),
        ("", "must have content"),
    ],
)
def test_unknown_labels_are_refused(tmp_path, text, message):
    (tmp_path / "x.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message):
        read_frame_labels(tmp_path / "x.txt", CLASSES)
