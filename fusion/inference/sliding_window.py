"""Which windows of a video a model looks at, and which entries of its streams each of them shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np

from fusion.inference.interfaces import Model
from modalities.checks import fail
from modalities.sampling import Span, sliding_spans
from modalities.source import Source

SLACK = 1e-6  # seconds: two clocks that mean the same


class Key(NamedTuple):
    """A stream of one of several models, in one view of a window."""

    model: int
    stream: str
    view: int


class StreamSampling(NamedTuple):
    """What one view shows of one stream.

    Attributes:
        times: seconds ``[T]``.
        valid: which of them are real, bool ``[T]``.
        source: where they are read; None where there is none.
        shown: numbers of the entries on display, int ``[T]``.
    """

    times: np.ndarray
    valid: np.ndarray
    source: Source | None
    shown: np.ndarray


@dataclass(frozen=True)
class Window:
    """A part of a video that is looked at as ``test`` would look at a clip.

    Args:
        number: of the window, from 0.
        span: seconds.
        glances: of every stream in every view.
    """

    number: int
    span: Span
    glances: Mapping[Key, StreamSampling]


def plan_window(number: int, span: Span, models: Sequence[Model], sources: Mapping[str, Source | None]) -> Window:
    """The times that a dataset would read if the window were a record.

    Args:
        number: of the window.
        span: seconds.
        models: what looks.
        sources: where each source of their streams is; None where the video has none.
    """
    glances = {}
    for place, model in enumerate(models):
        for view in range(model.temporal_sampler.num_clips):
            shown_span = model.temporal_sampler.clip_span(span, view)
            for stream, reading in model.readings.items():
                times, valid = model.temporal_sampler.times(shown_span, reading.num_frames, None, view)
                source = sources[reading.source]
                shown = np.zeros(0, int) if source is None else source.locate(times)
                glances[Key(place, stream, view)] = StreamSampling(times, valid, source, shown)
    return Window(number, span, glances)


@dataclass(frozen=True)
class SlidingWindow:
    """How windows follow each other.

    Args:
        length: of a window, seconds.
        stride: from the start of one to the start of the next.
        longest: a video up to this length is one window.
    """

    length: float
    stride: float
    longest: float

    def over(self, extent: Span) -> list[Span]:
        """The windows of a video whose end is known; the last one ends with it."""
        if extent.length <= self.longest + SLACK:
            return [extent]
        return sliding_spans(extent=extent, length=self.length, stride=self.stride)

    def endless(self) -> Iterator[Span]:
        """The windows of a video that goes on."""
        for number in count():
            yield Span(number * self.stride, number * self.stride + self.length)


def choose_sliding_window(models: Sequence[Model], *, window: float | None, stride: float | None) -> SlidingWindow:
    """Windows as asked for; where nothing is, as long as the clips that the models learned from, half overlapping.

    A model whose clock has a length is shown windows of that length; one that saw whole clips is shown windows as long
    as its median clip, and a video no longer than its longest clip as a whole.

    Args:
        models: what looks.
        window: seconds of a window.
        stride: seconds from one to the next; half a window without.

    Raises:
        InputError: if a number is not positive, or nothing says how long a window should be.
    """
    if window is not None:
        longest = window
    else:
        clock = [model.temporal_sampler.length for model in models if model.temporal_sampler.length is not None]
        learned = [
            model.lengths for model in models if model.lengths is not None and model.temporal_sampler.length is None
        ]
        if not clock and not learned:
            names = ", ".join(model.name for model in models)
            cure = "give --window SECONDS, about as long as a training clip (2 to 10 s are common)"
            fail(f"checkpoint of {names}", "say how long its training clips were", "nothing", cure)
        window = max([*clock, *(each.median for each in learned)])
        longest = max([window, *(each.longest for each in learned)])
    stride = window / 2 if stride is None else stride
    for name, value in (("--window", window), ("--stride", stride)):
        if not (np.isfinite(value) and value > 0):
            fail(name, "be a positive number of seconds", value)
    return SlidingWindow(window, stride, longest)
