"""Inset of attention: weights cropped to the frame, strength by time."""

import numpy as np
import pytest

from fusion.annotated_video.attention_inset import crop_to_frame, draw_attention, frame_ratio
from fusion.annotated_video.frame_layout import INSET_HW
from fusion.inference.ensemble import WindowPrediction
from fusion.inference.interfaces import AttentionMaps
from fusion.predictions import Predictions
from modalities.clips import Span


def build_window(maps):
    predictions = Predictions(
        ids=["0"], labels=[-1], classes=("a", "b"), scores={"rgb": np.zeros((1, 2))}, kinds={"rgb": "logit"}
    )
    return WindowPrediction(Span(0, 1), predictions, maps)


def test_attention_is_cropped_to_the_frame():
    """A portrait video fills the middle third of a wide input."""
    alpha = np.array([[0.0, 1.0, 0.0]], np.float32)
    cropped = crop_to_frame(alpha, (1.0, 1 / 3))
    assert cropped.shape == (100, 33)
    assert cropped.mean() == pytest.approx(0.75, abs=0.01)  # of a slope from 1/2 at its edges to 1 in the middle
    assert crop_to_frame(alpha, (1.0, 1.0)) is alpha


def test_temporal_attention_sets_the_strength():
    picture = np.full((120, 160, 3), 100, np.uint8)
    window = build_window(AttentionMaps("rgb", np.eye(2)[None], np.array([[0.2, 0.8]])))
    weak = draw_attention(picture, window, (1.0, 1.0), 0.1)
    strong = draw_attention(picture, window, (1.0, 1.0), 0.9)
    assert weak.shape == strong.shape == (*INSET_HW, 3)
    centre = np.s_[20:100, 20:130]
    assert np.ptp(weak[centre].mean(-1)) < np.ptp(strong[centre].mean(-1))


def test_prediction_without_maps_has_no_inset():
    assert draw_attention(np.zeros((120, 160, 3), np.uint8), build_window(None), (1.0, 1.0), 0.5) is None


def test_models_without_attention_have_no_ratio():
    assert frame_ratio([], (60, 80)) is None
