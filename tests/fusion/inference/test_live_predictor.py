"""Prediction over a live video: every frame and window is processed or counted."""

from triad.fusion.inference.live_predictor import LivePredictor
from triad.fusion.inference.live_video import LiveVideo
from triad.fusion.inference.sliding_window import SlidingWindow


def test_every_frame_and_window_counts(brightness_ensemble, video):
    predictor = LivePredictor(LiveVideo(str(video)), brightness_ensemble, SlidingWindow(0.5, 0.5, 0.5))
    windows = list(predictor.run())
    prediction = predictor.prediction
    assert prediction.num_frames + prediction.dropped_frames == 20
    assert len(windows) + prediction.skipped_windows == 4
    assert windows == prediction.windows
