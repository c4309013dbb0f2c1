"""Prediction over the newest window of a live video."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import RLock

from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from triad.fusion.inference.live_video import LiveClock, LiveVideo
from triad.fusion.inference.opened_streams import open_streams
from triad.fusion.inference.prefetch import DropOldestQueue
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.video_prediction import PredictionSink, VideoPrediction
from triad.fusion.inference.window_assembler import WindowAssembler
from triad.modalities.live import ExternalInputs

MAX_ENTRIES = 2**53
"""Number of entries of an endless clock: the largest integer that a float can hold exactly."""


class LivePredictor:
    """Predicts the newest window of a camera or network stream, again and again.

    Where models are slower than the video, frames are dropped before they are processed, and all complete windows but
    the newest are skipped; both are counted. A prediction lags by no more than the work of one window and a few frames.

    Args:
        video: live video.
        ensemble: models that predict.
        sliding_window: length of a window; its stride is the interval of predictions.
        external_inputs: estimators for the streams of the models.
        lock: lock that is held while a frame is processed, where other threads use the models.

    Attributes:
        prediction: predictions so far.
        opened: opened streams of the video.

    Raises:
        InputError: If none of the models' streams is available.
    """

    def __init__(
        self,
        video: LiveVideo,
        ensemble: ModelEnsemble,
        sliding_window: SlidingWindow,
        external_inputs: ExternalInputs | None = None,
        *,
        lock: RLock | None = None,  # type: ignore[valid-type]  # a function in typeshed
    ) -> None:
        self.video = video
        self._lock = lock or RLock()
        clock = LiveClock(Path(video.name), MAX_ENTRIES, fps=video.fps, size_hw=video.size_hw)
        self.prediction = VideoPrediction(video.name, clock, ensemble, sliding_window)
        self.opened = open_streams(ensemble.models, clock, external_inputs, self.prediction.stopwatch)
        self.prediction.notes = self.opened.notes

    def run(self, sinks: Sequence[PredictionSink] = ()) -> Iterator[WindowPrediction]:
        """Process frames until the video ends or the caller stops; yields every prediction."""
        prediction = self.prediction
        assembler = WindowAssembler(self.opened, prediction.clock, prediction.sliding_window.live_spans())
        frames = DropOldestQueue(self.video.frames, size=self.video.max_waiting)
        for frame in frames:
            prediction.num_frames += 1
            prediction.dropped_frames = frames.dropped
            with self._lock:
                newest, num_passed = assembler.add_live(frame)
                prediction.skipped_windows += num_passed
                if newest is not None:
                    window, batches = newest
                    prediction.predict_window(window, batches, sinks)
            for sink in sinks:
                sink.add_frame(frame)
            if newest is not None:
                yield prediction.windows[-1]
