"""One window a stride, around its middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from triad.fusion.inference.feature_extraction import WindowLength, feature_spans
from triad.modalities.checks import InputError
from triad.modalities.clips import Source


def test_windows_lie_around_their_strides():
    spans = feature_spans(3.0, window=1.0, stride=0.5)
    assert [tuple(span) for span in spans] == [(0, 1), (0.25, 1.25), (0.75, 1.75), (1.25, 2.25), (1.75, 2.75), (2, 3)]


def test_last_stride_may_be_cut():
    assert len(feature_spans(3.1, window=1.0, stride=0.5)) == 7
    assert len(feature_spans(3.0 + 1e-9, window=1.0, stride=0.5)) == 6


def test_short_video_is_one_window():
    assert [tuple(span) for span in feature_spans(0.3, window=1.0, stride=0.5)] == [(0, 0.3)]


@pytest.mark.parametrize(("text", "seconds"), [("2", 2.0), ("0.5s", 0.5), (".5", 0.5), ("16f", 1.6)])
def test_length_is_seconds_or_frames(text, seconds):
    assert WindowLength.parse(text).seconds(Source(Path("v"), 30, fps=10.0)) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5f", "nan", "1e9", "16 frames", "1" * 500])
def test_other_lengths_are_refused(text):
    with pytest.raises(InputError, match="length must be seconds above 0"):
        WindowLength.parse(text)
