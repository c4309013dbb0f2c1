"""Timeline of the annotated video: predicted labels over time, and the position of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.annotated_video.frame_layout import MARGIN, TIMELINE_HEIGHT, fit_text
from triad.fusion.rendering.style import BACKGROUND, LINE_COLOR, MUTED_COLOR, TEXT_COLOR, font
from triad.modalities.modality import Color

# pixels from the top of the strip
BAR_TOP = 14
BAR_BOTTOM = 48
MIN_TICK_DISTANCE = 60
TICK_STEPS = (0.5, 1, 2, 5, 10, 30, 60)  # seconds


class TimelineSegment(NamedTuple):
    """A label and its time, in seconds."""

    start: float
    end: float
    label: str
    color: Color


def draw_timeline(width: int, segments: Sequence[TimelineSegment], start: float, end: float, now: float) -> np.ndarray:
    """Draw the labels between ``start`` and ``end``, ticks in seconds, and a marker.

    Args:
        width: width of the strip, pixels.
        segments: labelled segments, in the order of time.
        start: first second of the timeline.
        end: last second of the timeline.
        now: time of the frame, seconds.

    Shapes: uint8 ``[TIMELINE_HEIGHT, width, 3]``.
    """
    image = Image.new("RGB", (width, TIMELINE_HEIGHT), BACKGROUND)
    draw = ImageDraw.Draw(image)
    left = MARGIN
    right = width - MARGIN
    scale = (right - left) / (end - start)

    def to_x(time: float) -> float:
        return left + (min(max(time, start), end) - start) * scale

    draw.rounded_rectangle((left, BAR_TOP, right, BAR_BOTTOM), 5, LINE_COLOR)
    for segment in segments:
        _draw_segment(draw, segment, to_x(segment.start), to_x(segment.end))
    step = next((step for step in TICK_STEPS if step * scale >= MIN_TICK_DISTANCE), 120)
    for tick in np.arange(np.ceil(start / step - 1e-9) * step, end + 1e-9, step).tolist():
        x = to_x(tick)
        draw.line((x, BAR_BOTTOM + 4, x, BAR_BOTTOM + 8), MUTED_COLOR)
        anchor = "la" if x < left + 12 else "ra" if x > right - 12 else "ma"
        draw.text((x, BAR_BOTTOM + 11), format_clock(tick, step), MUTED_COLOR, font(12), anchor=anchor)
    x = to_x(now)
    draw.line((x, BAR_TOP - 6, x, BAR_BOTTOM + 6), TEXT_COLOR, 3)
    draw.polygon([(x - 6, BAR_TOP - 8), (x + 6, BAR_TOP - 8), (x, BAR_TOP)], TEXT_COLOR)
    return np.asarray(image)


def _draw_segment(draw: ImageDraw.ImageDraw, segment: TimelineSegment, left: float, right: float) -> None:
    if right - left < 1:
        return
    draw.rounded_rectangle((left, BAR_TOP, max(right - 2, left + 1), BAR_BOTTOM), 5, segment.color)
    text = fit_text(segment.label, 13, int(right - left - 14))
    if len(text) > 2:
        draw.text((left + 7, (BAR_TOP + BAR_BOTTOM) / 2), text, BACKGROUND, font(13), anchor="lm")


def format_clock(seconds: float, step: float = 1.0) -> str:
    """Return ``1:04``, or ``1:04.5`` where ``step`` is shorter than a second."""
    digits = 1 if step < 1 else 0
    total = round(max(seconds, 0.0), digits)
    return f"{int(total // 60)}:{total % 60:0{3 + digits if digits else 2}.{digits}f}"
