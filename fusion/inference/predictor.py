"""Prediction over the sliding windows of a video file or of a live video."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from fusion.data.collate import Batch
from fusion.index.index import extent_of
from fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from fusion.inference.live import LiveClock, LiveVideo
from fusion.inference.opened_streams import OpenedStreams, open_streams
from fusion.inference.prefetch import DropOldestQueue, prefetch
from fusion.inference.sliding_window import SlidingWindow, Window, plan_window
from fusion.inference.window_assembler import WindowAssembler
from modalities.extraction.stopwatch import Stopwatch
from modalities.live import ExternalInputs
from modalities.sampling import Span
from modalities.source import Source
from modalities.video import Frame, VideoFile


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
    """

    path: str
    clock: Source
    ensemble: ModelEnsemble
    sliding_window: SlidingWindow
    stopwatch: Stopwatch
    notes: list[str] = field(default_factory=list)
    windows: list[WindowPrediction] = field(default_factory=list)
    num_frames: int = 0
    dropped_frames: int = 0
    skipped_windows: int = 0

    @property
    def fps(self) -> float:
        """Frames per second of the video; the average where the rate varies."""
        if self.clock.fps is not None:
            return self.clock.fps
        times = self.clock.entry_times
        return (len(times) - 1) / float(times[-1] - times[0])


class Predictor:
    """Predicts the windows of a video file.

    Args:
        video: path of the file.
        ensemble: models that predict.
        sliding_window: length and stride of the windows.
        external_inputs: estimators and files beside the video.

    Attributes:
        prediction: predictions so far.
        num_frames: number of frames of the video.
        opened: opened streams of the video.
        spans: start and end of every window, seconds.

    Raises:
        InputError: if the video does not decode, or none of the models' streams is available.
    """

    def __init__(
        self,
        video: str | Path,
        ensemble: ModelEnsemble,
        sliding_window: SlidingWindow,
        external_inputs: ExternalInputs | None = None,
    ) -> None:
        self.video = VideoFile(video)
        info = self.video.info
        self.num_frames = info.num_frames
        rate = {"fps": info.fps} if info.times is None else {"times": info.times}
        clock = Source(Path(video), info.num_frames, size_hw=(info.height, info.width), **rate)  # type: ignore[arg-type]
        self.prediction = VideoPrediction(str(video), clock, ensemble, sliding_window, Stopwatch())
        self.opened = _open_streams(self.prediction, external_inputs)
        self.spans = sliding_window.spans(extent_of({"num_frames": info.num_frames, "fps": info.fps}))

    def run(self, sinks: Sequence[PredictionSink] = ()) -> Iterator[int]:
        """Process the video once; yields the number of every frame that has been processed."""
        prediction = self.prediction
        assembler = _build_assembler(prediction, self.opened, iter(self.spans))
        for frame in prefetch(_time_decoding(self.video, prediction.stopwatch)):
            prediction.num_frames += 1
            for window, batches in assembler.add(frame):
                _predict_window(prediction, window, batches, sinks)
            for sink in sinks:
                sink.add_frame(frame)
            yield frame.number
        for window, batches in assembler.finish():
            _predict_window(prediction, window, batches, sinks)
        if len(prediction.windows) < len(self.spans):
            end = prediction.windows[-1].span.end if prediction.windows else 0.0
            prediction.notes.append(f"the video ends early: there is no prediction after {end:.2f} s")


class LivePredictor:
    """Predicts the newest window of a camera or network stream, again and again.

    Where models are slower than the video, frames are dropped before they are processed, and all complete windows but
    the newest are skipped; both are counted. A prediction lags by no more than the work of one window and a few frames.

    Args:
        video: live video.
        ensemble: models that predict.
        sliding_window: length of a window; its stride is the interval of predictions.
        external_inputs: estimators for the streams of the models.
    """

    def __init__(
        self,
        video: LiveVideo,
        ensemble: ModelEnsemble,
        sliding_window: SlidingWindow,
        external_inputs: ExternalInputs | None = None,
    ) -> None:
        self.video = video
        clock = LiveClock(Path(video.name), 2**53, fps=video.fps, size_hw=video.size_hw)
        self.prediction = VideoPrediction(video.name, clock, ensemble, sliding_window, Stopwatch())
        self.opened = _open_streams(self.prediction, external_inputs)

    def run(self, sinks: Sequence[PredictionSink] = ()) -> Iterator[WindowPrediction]:
        """Process frames until the video ends or the caller stops; yields every prediction."""
        prediction = self.prediction
        assembler = _build_assembler(prediction, self.opened, prediction.sliding_window.live_spans())
        frames = DropOldestQueue(self.video.frames, size=self.video.max_waiting)
        for frame in frames:
            prediction.num_frames += 1
            prediction.dropped_frames = frames.dropped
            complete = list(assembler.add(frame))
            prediction.skipped_windows += max(len(complete) - 1, 0)
            for window, batches in complete[-1:]:
                _predict_window(prediction, window, batches, sinks)
            for sink in sinks:
                sink.add_frame(frame)
            if complete:
                yield prediction.windows[-1]


def _open_streams(prediction: VideoPrediction, external_inputs: ExternalInputs | None) -> OpenedStreams:
    models = prediction.ensemble.models
    opened = open_streams(models, prediction.clock, external_inputs or ExternalInputs(), prediction.stopwatch)
    prediction.notes = opened.notes
    return opened


def _build_assembler(prediction: VideoPrediction, opened: OpenedStreams, spans: Iterator[Span]) -> WindowAssembler:
    windows: Iterator[Window] = (
        plan_window(number, span, opened.models, opened.clocks) for number, span in enumerate(spans)
    )
    return WindowAssembler(opened.models, opened.stream_sources, prediction.clock, windows)


def _predict_window(
    prediction: VideoPrediction, window: Window, batches: Sequence[Batch], sinks: Sequence[PredictionSink]
) -> None:
    with prediction.stopwatch("network"):
        window_prediction = prediction.ensemble.predict(window.span, batches)
    for sink in sinks:
        sink.add_window(window_prediction)
    prediction.windows.append(replace(window_prediction, attention_maps=None))


def _time_decoding(frames: Iterable[Frame], stopwatch: Stopwatch) -> Iterator[Frame]:
    iterator = iter(frames)
    while True:
        with stopwatch("decode"):
            frame = next(iterator, None)
        if frame is None:
            return
        yield frame
