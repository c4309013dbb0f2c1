"""A video through the models, from its first frame to its last answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from fusion.data.collate import Batch
from fusion.index.index import extent_of
from fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from fusion.inference.live import LiveClock, LiveVideo
from fusion.inference.opened_streams import ExternalInputs, OpenedStreams, open_sources
from fusion.inference.prefetch import DropOldestQueue, prefetch
from fusion.inference.sliding_window import SlidingWindow, Window, plan_window
from fusion.inference.window_assembler import WindowAssembler
from modalities.extraction.stopwatch import Stopwatch
from modalities.sampling import Span
from modalities.source import Source
from modalities.video import Frame, VideoFile


class Sink(Protocol):
    """Takes what is said and what is shown, in the order of time."""

    def answer(self, answer: WindowPrediction) -> None:
        """A window is over."""
        ...

    def frame(self, frame: Frame) -> None:
        """A frame has been looked at, and the windows that it completes are over."""
        ...


@dataclass
class Prediction:
    """Everything that was found out about a video.

    Args:
        path: of the video.
        clock: of its frames.
        panel: who answered.
        sliding: the windows.
        watch: what the time went on.
        notes: what a user should know.
        answers: one a window.
        frames: that were looked at.
        dropped: frames that came while nobody could look (live).
        skipped: windows that were over before anybody could answer (live).
    """

    path: str
    clock: Source
    panel: ModelEnsemble
    sliding: SlidingWindow
    watch: Stopwatch
    notes: list[str] = field(default_factory=list)
    answers: list[WindowPrediction] = field(default_factory=list)
    frames: int = 0
    dropped: int = 0
    skipped: int = 0

    @property
    def fps(self) -> float:
        """Frames a second of the video; the average where the rate varies."""
        if self.clock.fps is not None:
            return self.clock.fps
        begins = self.clock.entry_times
        return (len(begins) - 1) / float(begins[-1] - begins[0])


class Predictor:
    """Answers about the windows of one video file.

    Args:
        video: path of the file.
        panel: the models.
        sliding: how windows follow each other.
        given: what there is beside the video.

    Attributes:
        prediction: what is known so far.
        num_frames: of the video.
        opened: its sources.

    Raises:
        InputError: if the video does not decode, or no stream of the models can be had.
    """

    def __init__(
        self, video: str | Path, panel: ModelEnsemble, sliding: SlidingWindow, given: ExternalInputs | None = None
    ) -> None:
        self.video = VideoFile(video)
        info = self.video.info
        self.num_frames = info.num_frames
        clock = {"fps": info.fps} if info.times is None else {"times": info.times}
        source = Source(Path(video), info.num_frames, size_hw=(info.height, info.width), **clock)  # type: ignore[arg-type]
        self.prediction = Prediction(str(video), source, panel, sliding, Stopwatch())
        self.opened = _open(self.prediction, given)
        extent = extent_of({"num_frames": info.num_frames, "fps": info.fps})
        self.spans = sliding.over(extent)

    def run(self, sinks: Sequence[Sink] = ()) -> Iterator[int]:
        """Go through the video once; yields the number of every frame when it has been looked at."""
        watch = self.prediction.watch
        gatherer = _gatherer(self.prediction, self.opened, iter(self.spans))
        for frame in prefetch(_timed(self.video, watch)):
            self.prediction.frames += 1
            for window, batches in gatherer.add(frame):
                _answer(self.prediction, window, batches, sinks)
            for sink in sinks:
                sink.frame(frame)
            yield frame.number
        for window, batches in gatherer.finish():
            _answer(self.prediction, window, batches, sinks)
        if len(self.prediction.answers) < len(self.spans):
            end = self.prediction.answers[-1].span.end if self.prediction.answers else 0.0
            self.prediction.notes.append(f"the video breaks off: nothing is known after {end:.2f} s")


class LivePredictor:
    """Answers about the newest window of a camera or stream, again and again.

    Where models are slower than the world, frames are dropped before they are looked at and windows that are over are
    skipped; both are counted, and the answers never lag by more than one window's work and a few frames.

    Args:
        video: what comes.
        panel: the models.
        sliding: its stride is how often to answer.
        given: estimators.
    """

    def __init__(
        self, video: LiveVideo, panel: ModelEnsemble, sliding: SlidingWindow, given: ExternalInputs | None = None
    ) -> None:
        self.video = video
        clock = LiveClock(Path(video.name), 2**53, fps=video.fps, size_hw=video.size_hw)
        self.prediction = Prediction(video.name, clock, panel, sliding, Stopwatch())
        self.opened = _open(self.prediction, given)

    def run(self, sinks: Sequence[Sink] = ()) -> Iterator[WindowPrediction]:
        """Look until the stream ends or nobody asks any more; yields every answer."""
        prediction = self.prediction
        gatherer = _gatherer(prediction, self.opened, prediction.sliding.endless())
        newest = DropOldestQueue(self.video.frames, size=self.video.buffer)
        for frame in newest:
            prediction.frames, prediction.dropped = prediction.frames + 1, newest.dropped
            complete = list(gatherer.add(frame))
            prediction.skipped += max(len(complete) - 1, 0)
            for window, batches in complete[-1:]:
                _answer(prediction, window, batches, sinks)
            for sink in sinks:
                sink.frame(frame)
            if complete:
                yield prediction.answers[-1]


def _open(prediction: Prediction, given: ExternalInputs | None) -> OpenedStreams:
    panel = prediction.panel
    opened = open_sources(panel.models, prediction.clock, given or ExternalInputs(), prediction.watch)
    prediction.notes = opened.notes
    return opened


def _gatherer(prediction: Prediction, opened: OpenedStreams, spans: Iterator[Span]) -> WindowAssembler:
    windows: Iterator[Window] = (
        plan_window(number, span, opened.models, opened.sources) for number, span in enumerate(spans)
    )
    return WindowAssembler(opened.models, opened.parts, prediction.clock, windows)


def _answer(prediction: Prediction, window: Window, batches: Sequence[Batch], sinks: Sequence[Sink]) -> None:
    with prediction.watch("network"):
        answer = prediction.panel.answer(window.span, batches)
    for sink in sinks:
        sink.answer(answer)
    prediction.answers.append(replace(answer, attended=None))


def _timed(frames: Iterable[Frame], watch: Stopwatch) -> Iterator[Frame]:
    coming = iter(frames)
    while True:
        with watch("decode"):
            frame = next(coming, None)
        if frame is None:
            return
        yield frame
