"""Annotated video of a few frames: constant rate, order of events, no file after an error."""

import numpy as np
import pytest

from triad.fusion.annotated_video.overlay_collector import OverlayCollector
from triad.fusion.annotated_video.writer import AnnotatedVideoWriter
from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import probe


class GreyFrame:
    """A grey frame of 48 × 64 pixels."""

    def __init__(self, number):
        self.number = number
        self.rgb = np.full((48, 64, 3), 100, np.uint8)


def build_window(start, end):
    predictions = Predictions(
        ids=["0"], labels=[-1], classes=("a", "b"), scores={"rgb": np.array([[1.0, 0.0]])}, kinds={"rgb": "logit"}
    )
    return WindowPrediction(Span(start, end), predictions)


def open_writer(path, *, clock, starts=None, duration=None):
    overlays = OverlayCollector({}, {}, [], size_hw=(48, 64), picture_hw=(480, 640))
    return AnnotatedVideoWriter(
        path,
        clock=clock,
        fps=10.0,
        window_starts=starts,
        stride=0.5,
        duration=duration,
        overlays=overlays,
        stopwatch=Stopwatch(),
    )


def test_every_frame_is_written_once(tmp_path):
    writer = open_writer(tmp_path / "a.mp4", clock=Source("v", 10, fps=10.0, size_hw=(48, 64)), starts=[0.0, 0.5])
    for number in range(10):
        if number in (4, 9):
            writer.add_window(build_window(0.5 * (number == 9), 0.5 + 0.5 * (number == 9)))
        writer.add_frame(GreyFrame(number))
    writer.close()
    assert probe(tmp_path / "a.mp4").num_frames == 10
    assert {"convert", "render", "encode"} <= set(writer.stopwatch.seconds)


def test_missing_frames_are_repeated(tmp_path):
    writer = open_writer(tmp_path / "a.mp4", clock=Source("v", 10, fps=10.0, size_hw=(48, 64)))
    for number in (0, 1, 5):
        writer.add_frame(GreyFrame(number))
    writer.close()
    assert probe(tmp_path / "a.mp4").num_frames == 6


def test_variable_rate_follows_frame_times(tmp_path):
    clock = Source("v", 3, times=(0.0, 0.3, 0.4), size_hw=(48, 64))
    writer = open_writer(tmp_path / "a.mp4", clock=clock)
    for number in range(3):
        writer.add_frame(GreyFrame(number))
    writer.close()
    assert probe(tmp_path / "a.mp4").num_frames == 5


def test_aborted_video_leaves_no_file(tmp_path):
    writer = open_writer(tmp_path / "a.mp4", clock=Source("v", 10, fps=10.0, size_hw=(48, 64)))
    writer.add_frame(GreyFrame(0))
    writer.abort()
    assert not list(tmp_path.iterdir())


def test_clock_without_size_is_refused(tmp_path):
    with pytest.raises(InputError, match="clock of an annotated video must have the size of the frames, got none"):
        open_writer(tmp_path / "a.mp4", clock=Source("v", 10, fps=10.0))
