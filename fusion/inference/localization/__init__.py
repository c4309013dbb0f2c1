"""Localization of actions in long videos by models of clips: windows, scores of frames, segments, and their metrics."""

from triad.fusion.inference.localization.annotated_videos import AnnotatedVideo, gather_videos, narrow_classes
from triad.fusion.inference.localization.evaluation import add_reasons, evaluate_timelines
from triad.fusion.inference.localization.frame_timelines import FrameTimeline, build_timelines
from triad.fusion.inference.localization.run import evaluate_windows
from triad.fusion.inference.localization.settings import LocalizationSettings, choose_settings
from triad.fusion.inference.localization.window_predictions import predict_windows

__all__ = [
    "AnnotatedVideo",
    "FrameTimeline",
    "LocalizationSettings",
    "add_reasons",
    "build_timelines",
    "choose_settings",
    "evaluate_timelines",
    "evaluate_windows",
    "gather_videos",
    "narrow_classes",
    "predict_windows",
]
