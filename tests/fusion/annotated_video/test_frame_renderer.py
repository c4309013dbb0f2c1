"""Frames of the annotated video: the windows that cover a time fill its panel and timeline."""

import numpy as np
import pytest

from triad.fusion.annotated_video.frame_layout import PANEL_WIDTH, class_color
from triad.fusion.annotated_video.frame_renderer import FrameRenderer, build_side_panel
from triad.fusion.annotated_video.overlays import FrameOverlay
from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.inference.timeline import segments_from_windows
from triad.fusion.predictions import Predictions
from triad.modalities.clips import Span


def build_window(start, end, rgb, *, skeleton=None):
    scores = {"rgb": np.log([rgb]), "skeleton": np.log([skeleton or rgb]), "fused": np.log([rgb])}
    predictions = Predictions(
        ids=["0"],
        labels=[-1],
        classes=("a", "b"),
        scores=scores,
        kinds={"rgb": "logit", "skeleton": "logit", "fused": "logprob"},
        present={"skeleton": [skeleton is not None]},
    )
    return WindowPrediction(Span(start, end), predictions)


def test_panel_averages_covering_windows():
    windows = [build_window(0, 2, (0.9, 0.1)), build_window(1, 3, (0.5, 0.5), skeleton=(0.2, 0.8))]
    panel = build_side_panel(windows, 1.5)
    assert [bar.label for bar in panel.bars] == ["a", "b"]
    assert [bar.probability for bar in panel.bars] == pytest.approx([0.7, 0.3])
    rgb, skeleton = panel.streams
    assert (rgb.label, rgb.probability) == ("a", pytest.approx(0.7))
    assert (skeleton.label, skeleton.probability) == ("b", pytest.approx(0.8))  # of the window that has it


def test_panel_without_windows_is_empty():
    assert build_side_panel([], 0.0).bars == ()


def test_absent_stream_has_no_label():
    (_, skeleton) = build_side_panel([build_window(0, 2, (0.9, 0.1))], 1.0).streams
    assert skeleton.label is None


def test_timeline_shows_labels_so_far():
    renderer = FrameRenderer((480, 640), duration=4.0)
    windows = [build_window(0, 2, (0.9, 0.1))]
    renderer.segments = segments_from_windows(windows)
    picture = np.zeros((480, 640, 3), np.uint8)
    frame = renderer.render(picture, FrameOverlay((), None), 1.0, windows)
    columns = np.nonzero((frame[500:520] == class_color(0)).all(-1))[1]
    assert columns.max() == pytest.approx((640 + PANEL_WIDTH) / 2, abs=4)  # 2 of 4 seconds
