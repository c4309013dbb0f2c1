"""Spans of a whole number of frames, as dense sampling by frames takes them; each begins where a frame begins.

Frames are those of a record's clock: entry ``i`` of a :class:`triad.modalities.clips.Source` is its frame ``i``. Where
the frame rate varies, spans of equally many frames last differently long.
"""

from __future__ import annotations

import numpy as np

from triad.modalities.clips.sampling import Span
from triad.modalities.clips.source import Source

_TOLERANCE = 1e-6  # frames


def random_frame_span(*, extent: Span, clock: Source, num_frames: int, rng: np.random.Generator) -> Span:
    """Draw a span of ``num_frames`` frames in ``extent``; where it has fewer, the span begins with it.

    The starts are those of mmaction2's ``SampleFrames`` in training.
    """
    unused_frames = max(_frames_in(extent, clock) - num_frames, 0)
    return _frame_span(extent, clock, int(rng.integers(unused_frames + 1)), num_frames)


def even_frame_span(
    *, extent: Span, clock: Source, clip_len: int, frame_interval: int, num_spans: int, number: int
) -> Span:
    """Return span ``number`` of ``num_spans`` that are spread evenly over ``extent``, one alone in its middle.

    The starts are those of mmaction2's ``SampleFrames`` at test, where the last frame that a clip *shows* ends with the
    extent: the last span of several may pass it by less than ``frame_interval`` frames.

    Args:
        extent: span of the record.
        clock: clock of its frames.
        clip_len: number of frames that a clip shows.
        frame_interval: number of frames from one to the next.
        num_spans: number of spans.
        number: number of the span, from 0.
    """
    shown_frames = (clip_len - 1) * frame_interval + 1
    unused_frames = max(_frames_in(extent, clock) - shown_frames, 0)
    first = unused_frames // 2 if num_spans == 1 else round(number * (unused_frames / (num_spans - 1)))
    return _frame_span(extent, clock, first, clip_len * frame_interval)


def _frames_in(extent: Span, clock: Source) -> int:
    """Return the number of whole frame intervals in ``extent``."""
    start, end = clock.positions_at(np.array(extent))
    return int(np.floor(end - start + _TOLERANCE))


def _frame_span(extent: Span, clock: Source, first: int, num_frames: int) -> Span:
    """Return the span of ``num_frames`` frames from frame ``first`` of ``extent`` on."""
    position = float(clock.positions_at(np.array([extent.start]))[0]) + first
    start, end = clock.times_at(np.array([position, position + num_frames]))
    return Span(float(start), float(end))
