"""Writer of the annotated video: a frame is drawn as soon as all windows that cover it are predicted."""

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

from triad.fusion.annotated_video.frame_layout import picture_size
from triad.fusion.annotated_video.frame_renderer import TIMELINE_SECONDS, FrameRenderer
from triad.fusion.annotated_video.overlay_collector import OverlayCollector
from triad.fusion.annotated_video.overlays import FrameOverlay
from triad.fusion.inference import WindowPrediction, segments_from_windows
from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.letterbox import resize
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame, write_video

MAX_EVENTS = 16
"""Frames and predictions that may wait for the thread that draws."""
MAX_FPS = 60.0
JPEG_QUALITY = 93


class AnnotatedVideoWriter:
    """Writes the annotated video in a thread of its own, see
    :class:`triad.fusion.inference.video_prediction.PredictionSink`.

    Frames wait as JPEG in the size in which they are displayed, as long as a window lasts, so that memory does not
    grow with the video. A frame shows the mean probabilities of the windows that cover its time.

    Args:
        path: path of the video to write.
        clock: clock of the frames, with their size.
        fps: frames per second of the clock, the average where the rate varies.
        window_starts: start of every window, seconds; None where each starts ``stride`` after the one before.
        stride: seconds from the start of a window to the start of the next.
        duration: length of the video in seconds; None where it is unknown.
        overlays: collector of the overlays of each frame.
        stopwatch: stopwatch for drawing and encoding.

    Raises:
        InputError: If the clock does not have the size of the frames.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Source,
        fps: float,
        window_starts: Sequence[float] | None,
        stride: float,
        duration: float | None,
        overlays: OverlayCollector,
        stopwatch: Stopwatch,
    ) -> None:
        if clock.size_hw is None:
            fail("clock of an annotated video", "have the size of the frames", "none")
        self.path = path
        self.clock = clock
        self.fps = min(fps, MAX_FPS)
        self.window_starts = window_starts
        self.stride = stride
        self.overlays = overlays
        self.stopwatch = stopwatch
        self.picture_hw = picture_size(clock.size_hw)
        self._frame_times = np.zeros(0) if clock.fps is not None else clock.entry_times
        self._next_window_start = -1.0  # frames before it are covered by no further window
        self._num_windows = 0
        self._windows: deque[WindowPrediction] = deque()
        self._frames: deque[_PendingFrame] = deque()
        self._renderer = FrameRenderer(self.picture_hw, duration)
        self._events: queue.Queue[Callable[[], None] | None] = queue.Queue(MAX_EVENTS)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="annotated_video")
        self._thread.start()

    def add_frame(self, frame: Frame) -> None:
        """Take a frame that prediction has processed."""
        with self.stopwatch("convert"):
            picture = resize(frame.rgb, self.picture_hw)
        time = self._time_of(frame.number)
        overlay = self.overlays.collect(frame.number, time)
        self._send(lambda: self._frames.append(_PendingFrame(time, _encode_jpeg(picture), overlay)))

    def add_window(self, window: WindowPrediction) -> None:
        """Take the prediction of a window."""
        self._send(lambda: self._receive_window(window))

    def close(self) -> None:
        """Write the frames that wait and finish the file.

        Raises:
            InputError: If the disk is full.
        """
        self._send(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def abort(self) -> None:
        """Stop without leaving a file."""
        if self._thread.is_alive():
            self._error = self._error or _AbortedError()
            with suppress(queue.Full):
                self._events.put_nowait(None)
            self._thread.join()

    def _send(self, event: Callable[[], None] | None) -> None:
        while self._error is None:
            try:
                return self._events.put(event, timeout=0.1)
            except queue.Full:
                continue
        if event is not None:
            self._thread.join()
            raise self._error

    def _time_of(self, number: int) -> float:
        if self.clock.fps is not None:
            return number / self.clock.fps
        return float(self._frame_times[number])

    def _receive_window(self, window: WindowPrediction) -> None:
        self._windows.append(window)
        self._num_windows += 1
        if self.window_starts is None:
            self._next_window_start = window.span.start + self.stride
        elif self._num_windows < len(self.window_starts):
            self._next_window_start = self.window_starts[self._num_windows]
        else:
            self._next_window_start = float("inf")
        self._renderer.segments = segments_from_windows(list(self._windows))

    def _run(self) -> None:
        try:
            write_video(self.path, self._annotated_frames(), fps=self.fps)
        except BaseException as error:
            self._error = self._error or error
            while True:  # a sender that waits for room must not wait for ever
                try:
                    self._events.get_nowait()
                except queue.Empty:
                    return

    def _annotated_frames(self) -> Iterator[np.ndarray]:
        """Yield the frames of the annotated video at its constant rate."""
        num_written = 0
        while (event := self._events.get()) is not None:
            if self._error is not None:
                raise self._error
            event()
            while len(self._frames) > 1 and self._frames[0].time < self._next_window_start:
                end = round(self._frames[1].time * self.fps)
                yield from self._render(self._frames.popleft(), end - num_written)
                num_written = max(num_written, end)
        if self._error is not None:
            raise self._error
        while self._frames:
            frame = self._frames.popleft()
            end = round(self._frames[0].time * self.fps) if self._frames else num_written + 1
            yield from self._render(frame, end - num_written)
            num_written = max(num_written, end)

    def _render(self, frame: _PendingFrame, copies: int) -> Iterator[np.ndarray]:
        if copies <= 0:
            return
        while self._windows and self._windows[0].span.end < frame.time - TIMELINE_SECONDS:
            self._windows.popleft()
        with self.stopwatch("render"):
            picture = self._renderer.render(_decode_jpeg(frame.jpeg), frame.overlay, frame.time, self._windows)
        for _ in range(copies):
            with self.stopwatch("encode"):  # the encoder runs while this generator waits
                yield picture


class _PendingFrame(NamedTuple):
    """A compressed frame that waits for the predictions of its windows."""

    time: float
    jpeg: np.ndarray
    overlay: FrameOverlay


class _AbortedError(Exception):
    """Raised in the writing thread when the video is given up."""


def _encode_jpeg(picture: np.ndarray) -> np.ndarray:
    return cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]


def _decode_jpeg(jpeg: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))[..., ::-1])
