"""The parts of a video that models read: its frames, the flow between them, the poses in them, poses of a file.

Each takes frames as they come and gives the clip of a window once all of it has come; what no window waits for any
more is forgotten. Clips are made by the readers of ``test``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from fusion.data.dataset import Clip
from fusion.inference.frame_buffer import FrameBuffer
from fusion.inference.sliding_window import StreamSampling
from modalities.clips import RgbClip
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow import FlowReader, quantize_flow
from modalities.flow.estimators import FlowEstimator
from modalities.rgb.reader import RgbReader
from modalities.sampling import Span
from modalities.video import Frame


class StreamSource(Protocol):
    """One source of a video, see ``metainfo.streams`` of an index."""

    def needs(self, glance: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Numbers of the first and the last frame that a window of that span needs; None where it needs none."""
        ...

    def want(self, reader: Any, glance: StreamSampling) -> None:
        """A window begins to wait for its entries."""
        ...

    def add(self, before: Frame | None, frame: Frame) -> None:
        """The next frame, and the one that came before it."""
        ...

    def clip(self, reader: Any, glance: StreamSampling, span: Span) -> Clip:
        """What a window shows, whose last frame has come; it waits no longer."""
        ...

    def forget(self, number: int) -> None:
        """No window will need a frame before this one."""
        ...


class _LetterboxedSource:
    """What frames and flow have in common: entries that a reader places on its canvas."""

    def __init__(self) -> None:
        self.feeds: dict[tuple[int, int], FrameBuffer] = {}

    def want(self, reader: RgbReader | FlowReader, glance: StreamSampling) -> None:
        self.feeds.setdefault(reader.frame_size, FrameBuffer(reader.fit)).want(glance.shown)

    def forget(self, number: int) -> None:
        """Feeds forget by themselves."""

    def _lacks(self, number: int) -> bool:
        return any(feed.lacks(number) for feed in self.feeds.values())

    def _put(self, number: int, entry: np.ndarray) -> None:
        for feed in self.feeds.values():
            feed.put(number, entry)


class RgbSource(_LetterboxedSource):
    """The frames themselves, see :class:`StreamSource`; where one is missing, the one before stays on display.

    Args:
        watch: is told what the time is spent on.
    """

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__()
        self.watch = watch

    def needs(self, glance: StreamSampling, span: Span) -> tuple[int, int] | None:
        return int(glance.shown.min()), int(glance.shown.max())

    def add(self, before: Frame | None, frame: Frame) -> None:
        with self.watch("convert"):
            for number in range(0 if before is None else before.number + 1, frame.number + 1):
                if self._lacks(number):
                    held = frame if before is None or number == frame.number else before
                    self._put(number, held.rgb)

    def clip(self, reader: RgbReader, glance: StreamSampling, span: Span) -> RgbClip:
        data = self.feeds[reader.frame_size].take(glance.shown)
        if data is None or glance.source is None:
            return reader.blank(glance.times)
        return RgbClip(data, glance.times, glance.valid & (glance.times < glance.source.end))


class FlowSource(_LetterboxedSource):
    """Flow from each frame to the next, see :class:`StreamSource`; rounded as it would be stored.

    It is estimated where a window looks and nowhere else; over missing frames it is shared out evenly.

    Args:
        estimator: makes the flow.
        watch: is told what the time is spent on.
        show: takes every field that is estimated, and the number of its frame.
    """

    def __init__(
        self, estimator: FlowEstimator, watch: Stopwatch, *, show: Callable[[int, np.ndarray], None] | None = None
    ) -> None:
        super().__init__()
        self.estimator, self.watch, self.show = estimator, watch, show

    def needs(self, glance: StreamSampling, span: Span) -> tuple[int, int] | None:
        return int(glance.shown.min()), int(glance.shown.max()) + 1

    def add(self, before: Frame | None, frame: Frame) -> None:
        if before is None:
            return
        lacking = [number for number in range(before.number, frame.number) if self._lacks(number)]
        if not lacking:
            return
        with self.watch("convert"):
            pair = np.stack([before.rgb, frame.rgb])
        with self.watch("flow"):
            field = quantize_flow(self.estimator(pair)[0] / np.float32(frame.number - before.number))
            for number in lacking:
                self._put(number, field)
        if self.show is not None:
            self.show(before.number, field)

    def clip(self, reader: FlowReader, glance: StreamSampling, span: Span) -> Clip:
        fields = self.feeds[reader.frame_size].take(glance.shown)
        if fields is None or glance.source is None:
            return reader.blank(glance.times)
        return reader.make_clip(fields, glance.source, glance.shown, glance.times, glance.valid)
