"""Sliding windows over a video, and the entries of each stream that a window reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np

from triad.fusion.data import longest_stack
from triad.fusion.inference.interfaces import Model
from triad.modalities.checks import fail
from triad.modalities.clips import Source, Span, sliding_spans
from triad.modalities.live import StreamSampling
from triad.modalities.modality import get_modality

TOLERANCE = 1e-6  # seconds


class ClipKey(NamedTuple):
    """Key of one clip of a window.

    Attributes:
        model: position of the model in the ensemble.
        stream: name of the stream.
        clip: number of the test clip.
    """

    model: int
    stream: str
    clip: int


@dataclass(frozen=True)
class Window:
    """Span of a video that is predicted as ``test`` predicts a record.

    Args:
        number: number of the window, from 0.
        span: start and end, seconds.
        samplings: sampling of every stream in every test clip of every model.
    """

    number: int
    span: Span
    samplings: Mapping[ClipKey, StreamSampling]


def plan_window(
    number: int,
    span: Span,
    models: Sequence[Model],
    clocks: Mapping[str, Source | None],
    video_clock: Source | None = None,
) -> Window:
    """Return a window with the times that a dataset would read if its span were a record.

    Args:
        number: number of the window, from 0.
        span: start and end of the window, seconds.
        models: models that predict.
        clocks: clock of each source that their streams read; None where the video lacks it.
        video_clock: clock of the video's frames, where a temporal sampler counts them.
    """
    samplings = {}
    for position, model in enumerate(models):
        sampler = model.temporal_sampler
        stack = longest_stack(stream_input.reader for stream_input in model.inputs.values())
        for clip in range(sampler.num_clips):
            clip_span = sampler.clip_span(span, clip, video_clock)
            for stream, stream_input in model.inputs.items():
                times, valid = sampler.times(
                    clip_span, stream_input.num_frames, None, clip, extent=span, clock=video_clock, stack=stack
                )
                clock = clocks[stream_input.source]
                entries = np.zeros(0, int)
                if clock is not None:
                    live_input = get_modality(stream_input.reader.modality).live
                    entries = live_input.locate(stream_input.reader, clock, times)
                samplings[ClipKey(position, stream, clip)] = StreamSampling(times, valid, clock, entries)
    return Window(number, span, samplings)


@dataclass(frozen=True)
class SlidingWindow:
    """Length and stride of the windows of a video.

    Args:
        length: length of a window, seconds.
        stride: seconds from the start of a window to the start of the next.
        max_single: length up to which a video is one window, seconds.
    """

    length: float
    stride: float
    max_single: float

    def spans(self, extent: Span) -> list[Span]:
        """Return the windows of a video; the last one ends with it.

        Args:
            extent: start and end of the video, seconds.
        """
        if extent.length <= self.max_single + TOLERANCE:
            return [extent]
        return sliding_spans(extent=extent, length=self.length, stride=self.stride)

    def live_spans(self) -> Iterator[Span]:
        """Yield the windows of a video without a known end."""
        for number in count():
            yield Span(number * self.stride, number * self.stride + self.length)


def choose_sliding_window(models: Sequence[Model], *, window: float | None, stride: float | None) -> SlidingWindow:
    """Return the sliding window that the user asks for, by default as long as the training clips and half overlapping.

    By default, a model whose temporal sampler has a length gets windows of that length. A model that was trained on
    whole clips gets windows as long as its median clip, and a video no longer than its longest clip is one window.

    Args:
        models: models that predict.
        window: length of a window in seconds; None for the default.
        stride: seconds from one window to the next; None for half a window.

    Raises:
        InputError: If a number is not positive, or no model has a length for the default.
    """
    if window is None:
        window, max_single = _default_lengths(models)
    else:
        max_single = window
    stride = window / 2 if stride is None else stride
    for name, value in (("--window", window), ("--stride", stride)):
        if not (np.isfinite(value) and value > 0):
            fail(name, "be a positive number of seconds", value)
    return SlidingWindow(window, stride, max_single)


def _default_lengths(models: Sequence[Model]) -> tuple[float, float]:
    """Return the length of a window and the length up to which a video is one window."""
    sampled = [model.temporal_sampler.length for model in models if model.temporal_sampler.length is not None]
    trained = [
        model.clip_lengths
        for model in models
        if model.clip_lengths is not None and model.temporal_sampler.length is None
    ]
    if not sampled and not trained:
        names = ", ".join(model.name for model in models)
        cure = "give --window SECONDS, about as long as a training clip (2 to 10 s are common)"
        fail(f"checkpoint of {names}", "hold the lengths of its training clips", "none", cure)
    length = max([*sampled, *(lengths.median for lengths in trained)])
    return length, max([length, *(lengths.longest for lengths in trained)])
