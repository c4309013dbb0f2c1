"""Prediction of frames that a program hands over one by one."""

from __future__ import annotations

from threading import RLock

import numpy as np

from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from triad.fusion.inference.live_predictor import MAX_ENTRIES
from triad.fusion.inference.live_video import LiveClock
from triad.fusion.inference.opened_streams import open_streams
from triad.fusion.inference.recordings import ARRAY, array_frame, check_frame
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.window_assembler import WindowAssembler
from triad.modalities.checks import fail
from triad.modalities.live import ExternalInputs
from triad.modalities.stopwatch import Stopwatch

MAX_GAP = 3600.0
"""Longest time from one frame to the next, seconds; each window between them is planned and passed over."""


class FrameStream:
    """Predicts the newest window of frames that are pushed; older frames are forgotten.

    Several threads may push into streams of one model: each call waits for the one before it.

    Args:
        ensemble: models that predict.
        sliding_window: length of a window; its stride is the time between predictions.
        fps: frames per second. Frames that are pushed with their times are put on this clock: of several frames within
            a period the first counts, and where frames are missing the one before them is shown.
        size_hw: height and width of every frame, pixels.
        external_inputs: estimators for the streams of the models.
        lock: lock that the streams of one model share.

    Attributes:
        notes: remarks for the user, such as streams that are absent.

    Raises:
        InputError: If none of the models' streams can be made of frames.
    """

    def __init__(
        self,
        ensemble: ModelEnsemble,
        sliding_window: SlidingWindow,
        *,
        fps: float,
        size_hw: tuple[int, int],
        external_inputs: ExternalInputs | None = None,
        lock: RLock | None = None,  # type: ignore[valid-type]  # a function in typeshed
    ) -> None:
        if not (np.isfinite(fps) and fps > 0):
            fail("fps of frames", "be a positive number", fps)
        clock = LiveClock(ARRAY, MAX_ENTRIES, fps=fps, size_hw=size_hw)
        opened = open_streams(ensemble.models, clock, external_inputs, Stopwatch())
        self.notes = opened.notes
        self._ensemble = ensemble
        self._fps = fps
        self._size_hw = size_hw
        self._assembler = WindowAssembler(opened, clock, sliding_window.live_spans())
        self._lock = lock or RLock()
        self._start: float | None = None
        self._last_number = -1
        self._last_time = -np.inf

    def push(self, frame: np.ndarray, time: float | None = None) -> WindowPrediction | None:
        """Take the next frame and return the prediction of the window that it completes; None where it completes none.

        Where a frame completes several windows, the newest is predicted.

        Args:
            frame: RGB picture, uint8 ``[H, W, 3]``. It must not be changed afterwards.
            time: its time in seconds since any moment; by default one period after the frame before it.

        Raises:
            InputError: If the frame is no such picture, has another size than the first, or its time steps back or is
                more than an hour after the frame before it.
        """
        size_hw = check_frame(frame)
        if size_hw != self._size_hw:
            fail("frame", f"have the size of the first, {list(self._size_hw)}", f"{list(size_hw)}")
        with self._lock:
            number = self._number_at(time)
            if number <= self._last_number:
                return None
            self._last_number = number
            newest, _ = self._assembler.add_live(array_frame(number, frame))
            if newest is None:
                return None
            window, batches = newest
            return self._ensemble.predict(window.span, batches)

    def _number_at(self, time: float | None) -> int:
        """Return the number of a frame on the clock of the stream."""
        if time is None:
            time = 0.0 if self._start is None else self._start + (self._last_number + 1) / self._fps
        if not np.isfinite(time) or time < self._last_time:
            fail("time of a frame", f"be at least that of the frame before it, {self._last_time}", time)
        if self._start is None:
            self._start = time
        elif time - self._last_time > MAX_GAP:
            must = f"be at most {MAX_GAP:g} s after the frame before it, {self._last_time}"
            fail("time of a frame", must, time, "give seconds, or begin another stream")
        self._last_time = time
        return round((time - self._start) * self._fps)
