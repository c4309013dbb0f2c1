"""Assembly of the batches of each window from frames as they are decoded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from triad.fusion.data import Batch, Sample, collate
from triad.fusion.inference.interfaces import Model
from triad.fusion.inference.opened_streams import OpenedStreams
from triad.fusion.inference.sliding_window import Window, plan_window
from triad.modalities.clips import Clip, Source, Span
from triad.modalities.video import Frame


class _PendingWindow(NamedTuple):
    """A window, and the numbers of the first and the last frame that it needs."""

    window: Window
    first: int
    last: int


class WindowAssembler:
    """Keeps the entries that open and coming windows need, and builds the batches of each complete window.

    Args:
        opened: models, and the streams of the video.
        clock: clock of the video's frames.
        spans: start and end of each window in the order of time, seconds; they may be endlessly many.
    """

    def __init__(self, opened: OpenedStreams, clock: Source, spans: Iterable[Span]) -> None:
        self.models = opened.models
        self.stream_sources = opened.stream_sources
        self.clock = clock
        windows = (plan_window(number, span, opened.models, opened.clocks, clock) for number, span in enumerate(spans))
        self._coming = map(self._find_frames, windows)
        self._next = next(self._coming, None)
        self._open: deque[_PendingWindow] = deque()
        self._previous: Frame | None = None

    def add(self, frame: Frame) -> Iterator[tuple[Window, list[Batch]]]:
        """Take the next frame; yields each window that it completes, with one batch a model."""
        self._take(frame)
        while (window := self._pop_complete(frame)) is not None:
            yield self._complete(window)
        self._discard(frame)

    def add_live(self, frame: Frame) -> tuple[tuple[Window, list[Batch]] | None, int]:
        """Take the next frame; return the newest window that it completes, and the number of those passed over.

        Where the caller waited, or the video stood still, a frame completes thousands of windows: of these, one is
        opened, and entries are kept for it alone.
        """
        num_passed = self._take(frame, newest_only=True)
        newest: Window | None = None
        while (window := self._pop_complete(frame)) is not None:
            if newest is not None:
                self._release(newest)
                num_passed += 1
            newest = window
        batches = None if newest is None else self._complete(newest)
        self._discard(frame)
        return batches, num_passed

    def _take(self, frame: Frame, *, newest_only: bool = False) -> int:
        """Open the windows that begin, and hand the frame to the sources; return the number of those passed over."""
        num_passed = 0
        while self._next is not None and self._next.first <= frame.number:
            pending = self._next
            self._next = next(self._coming, None)
            if newest_only and self._next is not None and self._next.last <= frame.number:
                num_passed += 1
            else:
                self._open_window(pending)
        for source in self.stream_sources.values():
            source.add(self._previous, frame)
        self._previous = frame
        return num_passed

    def _pop_complete(self, frame: Frame) -> Window | None:
        if not self._open or self._open[0].last > frame.number:
            return None
        return self._open.popleft().window

    def _release(self, window: Window) -> None:
        """Let the sources forget what they keep for a window alone."""
        for key, sampling in window.samplings.items():
            if sampling.source is not None:
                stream_input = self.models[key.model].inputs[key.stream]
                self.stream_sources[stream_input.source].clip(stream_input.reader, sampling, window.span)

    def _discard(self, frame: Frame) -> None:
        pending = (window for window in (*self._open, self._next) if window is not None)
        first_needed = min((window.first for window in pending), default=frame.number)
        for source in self.stream_sources.values():
            source.discard_before(first_needed)

    def finish(self) -> Iterator[tuple[Window, list[Batch]]]:
        """Yield the windows that are open at the end of a video with fewer frames than its clock promised."""
        while self._open:
            yield self._complete(self._open.popleft().window)

    def _open_window(self, pending: _PendingWindow) -> None:
        for key, sampling in pending.window.samplings.items():
            stream_input = self.models[key.model].inputs[key.stream]
            if sampling.source is not None:
                self.stream_sources[stream_input.source].request(stream_input.reader, sampling)
        self._open.append(pending)

    def _find_frames(self, window: Window) -> _PendingWindow:
        ranges = []
        for key, sampling in window.samplings.items():
            if sampling.source is not None:
                source = self.stream_sources[self.models[key.model].inputs[key.stream].source]
                frame_range = source.frame_range(sampling, window.span)
                if frame_range is not None:
                    ranges.append(frame_range)
        if not ranges:  # no stream reads the video itself
            start = int(self.clock.locate(next(iter(window.samplings.values())).times)[0])
            ranges = [(start, start)]
        return _PendingWindow(window, min(first for first, _ in ranges), max(last for _, last in ranges))

    def _complete(self, window: Window) -> tuple[Window, list[Batch]]:
        return window, [
            collate(self._build_samples(window, position, model)) for position, model in enumerate(self.models)
        ]

    def _build_samples(self, window: Window, position: int, model: Model) -> list[Sample]:
        """Return one sample a test view, as :class:`triad.fusion.data.dataset.ActionDataset` makes them."""
        samples: list[Sample] = []
        for number in range(model.temporal_sampler.num_clips):
            clips: dict[str, Clip] = {}
            present: dict[str, bool] = {}
            for key, sampling in window.samplings.items():
                if (key.model, key.clip) == (position, number):
                    stream_input = model.inputs[key.stream]
                    present[key.stream] = sampling.source is not None
                    if sampling.source is None:
                        clips[key.stream] = stream_input.reader.blank(sampling.times)
                    else:
                        source = self.stream_sources[stream_input.source]
                        clips[key.stream] = source.clip(stream_input.reader, sampling, window.span)
            span = model.temporal_sampler.clip_span(window.span, number, self.clock)
            for view in model.views:
                samples.append(Sample(str(window.number), -1, len(samples), span, view, clips, present))
        return samples
