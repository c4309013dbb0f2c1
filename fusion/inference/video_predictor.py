"""Prediction over the sliding windows of a recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from triad.fusion.index import extent_of
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.opened_streams import open_streams
from triad.fusion.inference.prefetch import prefetch
from triad.fusion.inference.recordings import Recording, VideoRecording
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.video_prediction import PredictionSink, VideoPrediction
from triad.fusion.inference.window_assembler import WindowAssembler
from triad.modalities.live import ExternalInputs
from triad.modalities.video import Frame


class VideoPredictor:
    """Predicts the windows of a video, of frames in memory, or of a skeleton recording without a video.

    Args:
        recording: recording, or path of a video file or of a folder of numbered pictures.
        ensemble: models that predict.
        sliding_window: length and stride of the windows.
        external_inputs: estimators and files beside the video.

    Attributes:
        prediction: predictions so far.
        num_frames: number of frames of the video.
        opened: opened streams of the video.
        spans: start and end of every window, seconds.

    Raises:
        InputError: If the video does not decode, or none of the models' streams is available.
    """

    def __init__(
        self,
        recording: str | Path | Recording,
        ensemble: ModelEnsemble,
        sliding_window: SlidingWindow,
        external_inputs: ExternalInputs | None = None,
    ) -> None:
        self.recording = VideoRecording(recording) if isinstance(recording, str | Path) else recording
        clock = self.recording.clock
        self.num_frames = clock.num
        self.prediction = VideoPrediction(str(clock.path), clock, ensemble, sliding_window)
        self.opened = open_streams(ensemble.models, clock, external_inputs, self.prediction.stopwatch)
        self.prediction.notes = [*self.recording.notes, *self.opened.notes]
        self.spans = sliding_window.spans(extent_of({"num_frames": clock.num, "fps": self.recording.fps}))

    def run(self, sinks: Sequence[PredictionSink] = ()) -> Iterator[int]:
        """Process the video once; yields the number of every frame that has been processed."""
        prediction = self.prediction
        assembler = WindowAssembler(self.opened, prediction.clock, self.spans)
        for frame in prefetch(_time_decoding(self.recording, prediction)):
            prediction.num_frames += 1
            for window, batches in assembler.add(frame):
                prediction.predict_window(window, batches, sinks)
            for sink in sinks:
                sink.add_frame(frame)
            yield frame.number
        for window, batches in assembler.finish():
            prediction.predict_window(window, batches, sinks)
        if len(prediction.windows) < len(self.spans):
            end = prediction.windows[-1].span.end if prediction.windows else 0.0
            prediction.notes.append(f"the video ends early: there is no prediction after {end:.2f} s")


def _time_decoding(frames: Iterable[Frame], prediction: VideoPrediction) -> Iterator[Frame]:
    iterator = iter(frames)
    while True:
        with prediction.stopwatch("decode"):
            frame = next(iterator, None)
        if frame is None:
            return
        yield frame
