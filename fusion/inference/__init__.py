"""Prediction on raw video: one decode, sliding windows, labels over time; and export of models to ONNX.

A window is prepared by the readers, the temporal sampler and the collation of ``test``, so both give the same scores.
"""

from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from triad.fusion.inference.frame_stream import FrameStream
from triad.fusion.inference.interfaces import ClipLengths, Model, Network, StreamInput
from triad.fusion.inference.live_predictor import LivePredictor
from triad.fusion.inference.live_video import LiveVideo
from triad.fusion.inference.predictor import Predictor, load
from triad.fusion.inference.skeleton_clock import SkeletonClock
from triad.fusion.inference.sliding_window import SlidingWindow, choose_sliding_window
from triad.fusion.inference.timeline import Segment, mean_probabilities_at, segments_from_windows
from triad.fusion.inference.video_prediction import PredictionSink, VideoPrediction
from triad.fusion.inference.video_predictor import VideoPredictor
from triad.fusion.models import SampleMap

__all__ = [
    "ClipLengths",
    "FrameStream",
    "LivePredictor",
    "LiveVideo",
    "Model",
    "ModelEnsemble",
    "Network",
    "PredictionSink",
    "Predictor",
    "SampleMap",
    "Segment",
    "SkeletonClock",
    "SlidingWindow",
    "StreamInput",
    "VideoPrediction",
    "VideoPredictor",
    "WindowPrediction",
    "choose_sliding_window",
    "load",
    "mean_probabilities_at",
    "segments_from_windows",
]
