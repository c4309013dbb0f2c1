"""The annotated video, made on the way: a frame is drawn when all windows that show it are over."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from fusion.annotated_video.frame_layout import pane_of
from fusion.annotated_video.frame_renderer import SHOWN, FrameRenderer
from fusion.annotated_video.overlays import FrameOverlay, FrameOverlays
from fusion.inference.ensemble import WindowPrediction
from fusion.inference.timeline import segments_of
from modalities.checks import fail
from modalities.extraction.stopwatch import Stopwatch
from modalities.letterbox import resize
from modalities.source import Source
from modalities.video import Frame, write_video

WAITING, FASTEST, QUALITY = 16, 60.0, 93  # frames; frames a second; of JPEG


class _Seen(NamedTuple):
    """A frame that waits for its labels, compressed, and what is drawn on it."""

    time: float
    picture: np.ndarray
    layer: FrameOverlay


class AnnotatedVideoWriter:
    """Writes the annotated video in a thread of its own, see :class:`fusion.inference.predictor.Sink`.

    Frames wait as JPEG in the size in which they are shown, for as long as a window is, so that memory does not grow
    with the video. The picture at a time shows the mean of the windows that show that time.

    Args:
        path: of the video to write.
        clock: of the frames.
        fps: frames a second of the clock, the average where it varies.
        starts: when the windows begin, where they are known; else each begins ``stride`` after the one before.
        stride: seconds.
        seconds: length of the video, where it is known.
        layers: what is drawn on and beside a frame.
        watch: is told how long drawing and writing take.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Source,
        fps: float,
        starts: Sequence[float] | None,
        stride: float,
        seconds: float | None,
        layers: FrameOverlays,
        watch: Stopwatch,
    ) -> None:
        self.path, self.clock, self.watch, self.layers = path, clock, watch, layers
        self.fps, self.starts, self.stride, self.seconds = min(fps, FASTEST), starts, stride, seconds
        if clock.size_hw is None:
            fail("clock of a film", "know the size of frames", "none")
        self.pane = pane_of(clock.size_hw)
        self._times = np.zeros(0) if clock.fps is not None else clock.entry_times
        self._known = -1.0  # labels of times before this one are final
        self._answers: deque[WindowPrediction] = deque()
        self._count = 0
        self._frames: deque[_Seen] = deque()
        self._painter = FrameRenderer(self.pane, seconds)
        self._events: queue.Queue[Callable[[], None] | None] = queue.Queue(WAITING)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True, name="film")
        self._thread.start()

    def frame(self, frame: Frame) -> None:
        """A frame has been looked at."""
        with self.watch("convert"):
            picture = resize(frame.rgb, self.pane)
        time = self._begin(frame.number)
        layer = self.layers.take(frame.number, time)
        self._tell(lambda: self._frames.append(_Seen(time, _packed(picture), layer)))

    def answer(self, answer: WindowPrediction) -> None:
        """A window is over."""
        self._tell(lambda: self._heard(answer))

    def close(self) -> None:
        """Write what waits; the file appears.

        Raises:
            InputError: if the disk is full.
        """
        self._tell(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def abandon(self) -> None:
        """Give up; no file appears."""
        if self._thread.is_alive():
            self._error = self._error or _Abandoned()
            with suppress(queue.Full):
                self._events.put_nowait(None)
            self._thread.join()

    def _tell(self, event: Callable[[], None] | None) -> None:
        while self._error is None:
            try:
                return self._events.put(event, timeout=0.1)
            except queue.Full:
                continue
        if event is not None:
            self._thread.join()
            raise self._error

    def _heard(self, answer: WindowPrediction) -> None:
        self._answers.append(answer)
        self._count += 1
        begun = answer.span.start + self.stride
        if self.starts is not None:
            begun = self.starts[self._count] if self._count < len(self.starts) else float("inf")
        self._known = begun
        self._painter.blocks = segments_of(list(self._answers))

    def _work(self) -> None:
        try:
            write_video(self.path, self._pictures(), fps=self.fps)
        except BaseException as error:
            self._error = self._error or error
            while True:  # whoever waits to tell something is let go
                try:
                    self._events.get_nowait()
                except queue.Empty:
                    return

    def _pictures(self) -> Iterator[np.ndarray]:
        """One picture a tick of the film's constant rate."""
        tick = 0
        while (event := self._events.get()) is not None:
            if self._error is not None:
                raise self._error
            event()
            while len(self._frames) > 1 and self._frames[0].time < self._known:
                due = round(self._frames[1].time * self.fps)
                yield from self._drawn(self._frames.popleft(), due - tick)
                tick = max(tick, due)
        if self._error is not None:
            raise self._error
        while self._frames:
            frame = self._frames.popleft()
            due = round(self._frames[0].time * self.fps) if self._frames else tick + 1
            yield from self._drawn(frame, due - tick)
            tick = max(tick, due)

    def _drawn(self, seen: _Seen, copies: int) -> Iterator[np.ndarray]:
        if copies > 0:
            while self._answers and self._answers[0].span.end < seen.time - SHOWN:
                self._answers.popleft()
            with self.watch("render"):
                picture = self._painter.paint(_unpacked(seen.picture), seen.layer, seen.time, self._answers)
            for _ in range(copies):
                with self.watch("encode"):  # while the writer has it
                    yield picture

    def _begin(self, number: int) -> float:
        if self.clock.fps is not None:
            return number / self.clock.fps
        return float(self._times[number])


def _packed(picture: np.ndarray) -> np.ndarray:
    return cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]


def _unpacked(content: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR))[..., ::-1])


class _Abandoned(Exception):
    """Nobody wants the film any more."""
