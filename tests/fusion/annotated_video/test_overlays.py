"""Overlays of a frame: people on the picture, insets beside it."""

import numpy as np
import pytest

from fusion.annotated_video.attention_inset import WHOLE
from fusion.annotated_video.frame_layout import INSET_HW
from fusion.annotated_video.overlays import FrameOverlay, PersonOverlay
from fusion.inference.ensemble import WindowPrediction
from fusion.inference.interfaces import AttentionMaps
from fusion.predictions import Predictions
from modalities.clips import Span
from modalities.skeleton import get_layout


def test_people_are_drawn_on_a_copy():
    pixels = np.stack([np.linspace(20, 60, 17), np.linspace(10, 90, 17)], axis=-1).astype(np.float32)
    picture = np.zeros((120, 160, 3), np.uint8)
    person = PersonOverlay(pixels, np.ones(17, np.float32), get_layout("coco17"))
    drawn = FrameOverlay((person,), None).draw_people(picture)
    rows, columns = np.nonzero(drawn.any(-1))
    assert not picture.any()
    assert columns.min() == pytest.approx(20, abs=4)
    assert rows.max() == pytest.approx(90, abs=4)


def test_insets_show_flow_and_attention():
    predictions = Predictions(
        ids=["0"], labels=[-1], classes=("a", "b"), scores={"rgb": np.zeros((1, 2))}, kinds={"rgb": "logit"}
    )
    maps = AttentionMaps("rgb", np.eye(2)[None], np.array([[0.2, 0.8]]))
    window = WindowPrediction(Span(0, 1), predictions, maps)
    picture = np.full((120, 160, 3), 100, np.uint8)
    flow = np.zeros((*INSET_HW, 3), np.uint8)
    overlay = FrameOverlay((), flow, WHOLE)
    assert [name for name, _ in overlay.draw_insets(picture, window, 0.9)] == ["optical flow", "attention"]
    assert [name for name, _ in overlay.draw_insets(picture, None, 0.9)] == ["optical flow"]
    assert FrameOverlay((), None).draw_insets(picture, window, 0.9) == []
