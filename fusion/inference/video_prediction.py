"""Predictions of the windows of a video, as they are collected and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from triad.fusion.data import Batch
from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from triad.fusion.inference.sliding_window import SlidingWindow, Window
from triad.fusion.inference.timeline_rules import Alert
from triad.modalities.clips import Source
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame


class PredictionSink(Protocol):
    """Receiver of frames and window predictions, in the order of time."""

    def add_window(self, window: WindowPrediction) -> None:
        """Take the prediction of a window."""
        ...

    def add_frame(self, frame: Frame) -> None:
        """Take a frame, after the windows that it completes."""
        ...


@dataclass
class VideoPrediction:
    """Predictions of all windows of a video, and how they were made.

    Args:
        path: path of the video file, or name of the live video.
        clock: clock of the frames.
        ensemble: models that predict.
        sliding_window: length and stride of the windows.
        stopwatch: seconds of each stage.
        notes: remarks for the user.
        windows: prediction of each window so far.
        num_frames: number of frames processed so far.
        dropped_frames: number of live frames that were dropped because processing was too slow.
        skipped_windows: number of live windows that were skipped because processing was too slow.
        alerts: alerts of rules over the labels; None without rules.
    """

    path: str
    clock: Source
    ensemble: ModelEnsemble
    sliding_window: SlidingWindow
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    notes: list[str] = field(default_factory=list)
    windows: list[WindowPrediction] = field(default_factory=list)
    num_frames: int = 0
    dropped_frames: int = 0
    skipped_windows: int = 0
    alerts: list[Alert] | None = None

    @property
    def fps(self) -> float:
        """Frames per second of the video; the average where the rate varies."""
        if self.clock.fps is not None:
            return self.clock.fps
        times = self.clock.entry_times
        return (len(times) - 1) / float(times[-1] - times[0])

    def predict_window(self, window: Window, batches: Sequence[Batch], sinks: Sequence[PredictionSink]) -> None:
        """Run the ensemble on a window, hand the prediction to every sink and keep it without attention maps."""
        with self.stopwatch("network"):
            prediction = self.ensemble.predict(window.span, batches)
        for sink in sinks:
            sink.add_window(prediction)
        self.windows.append(replace(prediction, attention_maps=()))
