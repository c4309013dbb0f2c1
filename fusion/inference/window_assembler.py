"""From frames, as they come, to the samples of windows, as soon as all of each has come."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fusion.data.collate import Batch, collate
from fusion.data.dataset import Clip, Sample
from fusion.inference.interfaces import Model
from fusion.inference.sliding_window import Window
from fusion.inference.stream_sources import StreamSource
from modalities.augmentation import SpatialAugmentation
from modalities.source import Source
from modalities.video import Frame


class _Due(NamedTuple):
    """A window, and the first and the last frame that it needs."""

    window: Window
    first: int
    last: int


class WindowAssembler:
    """Keeps of each source what the windows to come need, and nothing else.

    Args:
        models: what looks.
        parts: of the video, by source; a source that is not among them is absent.
        clock: of the video's frames.
        windows: in the order of time; taken one by one, so that they may be endless.
    """

    def __init__(
        self, models: Sequence[Model], parts: Mapping[str, StreamSource], clock: Source, windows: Iterator[Window]
    ) -> None:
        self.models, self.parts, self.clock = models, parts, clock
        self._coming = map(self._due, windows)
        self._next = next(self._coming, None)
        self._open: deque[_Due] = deque()
        self._before: Frame | None = None

    def add(self, frame: Frame) -> Iterator[tuple[Window, list[Batch]]]:
        """Take the next frame; give the windows that it completes, each as one batch a model."""
        while self._next is not None and self._next.first <= frame.number:
            self._begin(self._next)
        for part in self.parts.values():
            part.add(self._before, frame)
        self._before = frame
        while self._open and self._open[0].last <= frame.number:
            yield self._complete(self._open.popleft().window)
        first = min((due.first for due in (*self._open, self._next) if due is not None), default=frame.number)
        for part in self.parts.values():
            part.forget(first)

    def finish(self) -> Iterator[tuple[Window, list[Batch]]]:
        """The video is over: give the windows that have begun, although their clock promised more frames than came."""
        while self._open:
            yield self._complete(self._open.popleft().window)

    def _begin(self, due: _Due) -> None:
        for key, glance in due.window.glances.items():
            reading = self.models[key.model].readings[key.stream]
            if glance.source is not None:
                self.parts[reading.source].want(reading.reader, glance)
        self._open.append(due)
        self._next = next(self._coming, None)

    def _due(self, window: Window) -> _Due:
        reach = []
        for key, glance in window.glances.items():
            if glance.source is not None:
                part = self.parts[self.models[key.model].readings[key.stream].source]
                reach.append(part.needs(glance, window.span))
        known = [each for each in reach if each is not None]
        if not known:  # nothing of the video itself is read
            begin = int(self.clock.locate(next(iter(window.glances.values())).times)[0])
            known = [(begin, begin)]
        return _Due(window, min(first for first, _ in known), max(last for _, last in known))

    def _complete(self, window: Window) -> tuple[Window, list[Batch]]:
        return window, [collate(self._samples(window, place, model)) for place, model in enumerate(self.models)]

    def _samples(self, window: Window, place: int, model: Model) -> list[Sample]:
        """One sample a view, as :class:`fusion.data.dataset.ActionDataset` makes them at test."""
        samples = []
        for view in range(model.temporal_sampler.num_clips):
            clips: dict[str, Clip] = {}
            present: dict[str, bool] = {}
            for key, glance in window.glances.items():
                if (key.model, key.view) == (place, view):
                    reading = model.readings[key.stream]
                    present[key.stream] = glance.source is not None
                    if glance.source is None:
                        clips[key.stream] = reading.reader.blank(glance.times)
                    else:
                        clips[key.stream] = self.parts[reading.source].clip(reading.reader, glance, window.span)
            span = model.temporal_sampler.clip_span(window.span, view)
            samples.append(Sample(str(window.number), -1, view, span, SpatialAugmentation(), clips, present))
        return samples
