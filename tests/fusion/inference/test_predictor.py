"""Prediction over a video file and over a live video, with a network that scores the mean brightness."""

import numpy as np
import pytest

from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.ensemble import ModelEnsemble
from fusion.inference.interfaces import Model, StreamInput
from fusion.inference.live import LiveVideo
from fusion.inference.predictor import LivePredictor, Predictor
from fusion.inference.sliding_window import SlidingWindow
from modalities.rgb.reader import RgbReader
from modalities.video import write_video


class RecordingSink:
    """Sink that lists the frames and windows in the order in which they come."""

    def __init__(self):
        self.events = []

    def add_frame(self, frame):
        self.events.append(frame.number)

    def add_window(self, window):
        self.events.append(tuple(window.span))


def mean_brightness(batch):
    brightness = batch["rgb"]["data"].float().mean((1, 2, 3, 4)).numpy() / 255
    return {"rgb": np.stack([brightness, 1 - brightness], axis=1).astype(np.float32)}


@pytest.fixture
def ensemble():
    inputs = {"rgb": StreamInput(RgbReader(frame_size=(32, 48)), 2, "rgb")}
    return ModelEnsemble([Model("m", mean_brightness, ("bright", "dark"), inputs, TemporalSampler())])


@pytest.fixture
def video(tmp_path):
    """A second of black frames, then a second of white ones."""
    frames = [np.full((32, 48, 3), 255 * (number >= 10), np.uint8) for number in range(20)]
    write_video(tmp_path / "v.mp4", frames, fps=10)
    return tmp_path / "v.mp4"


def test_windows_follow_their_last_frame(ensemble, video):
    predictor = Predictor(video, ensemble, SlidingWindow(1.0, 1.0, 1.0))
    sink = RecordingSink()
    assert list(predictor.run([sink])) == list(range(20))
    labels = [int(window.probabilities.argmax()) for window in predictor.prediction.windows]
    assert labels == [1, 0]
    assert sink.events.index((0.0, 1.0)) < sink.events.index(8)  # its last frame on display is number 7
    assert [event for event in sink.events if isinstance(event, int)] == list(range(20))
    assert (predictor.prediction.num_frames, predictor.prediction.fps) == (20, 10.0)
    assert predictor.prediction.notes == []


def test_live_prediction_counts_every_frame(ensemble, video):
    predictor = LivePredictor(LiveVideo(str(video)), ensemble, SlidingWindow(0.5, 0.5, 0.5))
    windows = list(predictor.run())
    prediction = predictor.prediction
    assert prediction.num_frames + prediction.dropped_frames == 20
    assert len(windows) + prediction.skipped_windows == 4
    assert windows == prediction.windows
