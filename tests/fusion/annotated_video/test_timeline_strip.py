"""Segments, marker and clock of the timeline."""

import numpy as np
import pytest

from triad.fusion.annotated_video.frame_layout import MARGIN, TIMELINE_HEIGHT
from triad.fusion.annotated_video.timeline_strip import TimelineSegment, draw_timeline, format_clock
from triad.fusion.rendering.style import TEXT_COLOR

RED = (200, 10, 10)


def test_segment_lies_at_its_time():
    strip = draw_timeline(440, [TimelineSegment(2.0, 4.0, "", RED)], start=0.0, end=10.0, now=9.0)
    columns = np.nonzero((strip == RED).all(-1))[1]
    assert strip.shape == (TIMELINE_HEIGHT, 440, 3)
    assert columns.min() == pytest.approx(MARGIN + 0.2 * 400, abs=2)
    assert columns.max() == pytest.approx(MARGIN + 0.4 * 400, abs=3)


def test_marker_lies_at_the_frame():
    strip = draw_timeline(440, [], start=0.0, end=10.0, now=5.0)
    columns = np.nonzero((strip == TEXT_COLOR).all(-1))[1]
    assert columns.mean() == pytest.approx(MARGIN + 0.5 * 400, abs=1)


@pytest.mark.parametrize(
    ("seconds", "step", "text"), [(64.25, 1.0, "1:04"), (4.27, 0.1, "0:04.3"), (59.96, 0.1, "1:00.0")]
)
def test_clock_format(seconds, step, text):
    assert format_clock(seconds, step) == text
