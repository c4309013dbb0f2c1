"""Bars and stream lines of the side panel."""

import numpy as np
import pytest

from triad.fusion.annotated_video.frame_layout import MAX_PICTURE_HW, PANEL_WIDTH
from triad.fusion.annotated_video.side_panel import ClassBar, SidePanel, StreamPrediction, draw_side_panel

RED = (200, 10, 10)
BLUE = (10, 10, 200)


def test_bar_length_is_the_probability():
    bar = ClassBar("a very long name of a class that does not fit the panel", 0.5, RED)
    panel = draw_side_panel(SidePanel([bar]))
    rows, columns = np.nonzero((panel == RED).all(-1))
    assert panel.shape == (MAX_PICTURE_HW[0], PANEL_WIDTH, 3)
    assert columns.max() - columns.min() + 1 == pytest.approx(0.5 * 320, abs=2)
    assert rows.max() - rows.min() < 10


def test_streams_lie_below_the_bars():
    streams = [StreamPrediction("rgb", BLUE, "a", 0.7), StreamPrediction("skeleton", BLUE, None, 0.0)]
    panel = draw_side_panel(SidePanel([ClassBar("a", 0.5, RED)], streams))
    dots = np.nonzero((panel == BLUE).all(-1))[0]
    assert dots.min() > np.nonzero((panel == RED).all(-1))[0].max()
    assert dots.max() - dots.min() > 20  # two lines


def test_panel_without_bars_says_so():
    panel = draw_side_panel(SidePanel(()))
    assert len(np.unique(panel.reshape(-1, 3), axis=0)) > 2  # text on paper
    assert not (panel == RED).all(-1).any()
