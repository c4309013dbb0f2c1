"""Prediction over the windows of a video file, with a network that scores the mean brightness."""

from itertools import islice

from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.video_predictor import VideoPredictor


class RecordingSink:
    """Sink that lists the frames and windows in the order in which they come."""

    def __init__(self):
        self.events = []

    def add_frame(self, frame):
        self.events.append(frame.number)

    def add_window(self, window):
        self.events.append(tuple(window.span))


def test_windows_follow_their_last_frame(brightness_ensemble, video):
    predictor = VideoPredictor(video, brightness_ensemble, SlidingWindow(1.0, 1.0, 1.0))
    sink = RecordingSink()
    assert list(predictor.run([sink])) == list(range(20))
    labels = [int(window.probabilities.argmax()) for window in predictor.prediction.windows]
    assert labels == [1, 0]
    assert sink.events.index((0.0, 1.0)) < sink.events.index(8)  # its last frame on display is number 7
    assert [event for event in sink.events if isinstance(event, int)] == list(range(20))
    assert (predictor.prediction.num_frames, predictor.prediction.fps) == (20, 10.0)
    assert predictor.prediction.notes == []


def test_truncated_video_is_noted(brightness_ensemble, video):
    predictor = VideoPredictor(video, brightness_ensemble, SlidingWindow(1.0, 1.0, 1.0))
    predictor.recording = islice(predictor.recording, 8)
    list(predictor.run())
    assert predictor.prediction.notes == ["the video ends early: there is no prediction after 1.00 s"]
