"""Inset of attention: weights cropped to the frame, strength by time."""

import numpy as np
import pytest

from fusion.annotated_video.attention_inset import WHOLE, InputBox, draw_attention, input_box, place_on_frame
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
    placed = place_on_frame(alpha, InputBox(-1.0, 0.0, 3.0, 1.0))
    assert placed.mean() == pytest.approx(0.75, abs=0.01)  # of a slope from 1/2 at its edges to 1 in the middle
    assert place_on_frame(alpha, WHOLE) is alpha


def test_attention_covers_the_crop_only():
    alpha = np.full((2, 2), 0.7, np.float32)
    alpha[0, 0] = 0.1
    placed = place_on_frame(alpha, InputBox(0.5, 0.0, 0.5, 1.0))
    np.testing.assert_allclose(placed[:, :50], 0.1, atol=1e-6)
    np.testing.assert_allclose(placed[75:, 50:], 0.7, atol=1e-6)


def test_temporal_attention_sets_the_strength():
    picture = np.full((120, 160, 3), 100, np.uint8)
    window = build_window(AttentionMaps("rgb", np.eye(2)[None], np.array([[0.2, 0.8]])))
    weak = draw_attention(picture, window, WHOLE, 0.1)
    strong = draw_attention(picture, window, WHOLE, 0.9)
    assert weak.shape == strong.shape == (*INSET_HW, 3)
    centre = np.s_[20:100, 20:130]
    assert np.ptp(weak[centre].mean(-1)) < np.ptp(strong[centre].mean(-1))


def test_prediction_without_maps_has_no_inset():
    assert draw_attention(np.zeros((120, 160, 3), np.uint8), build_window(None), WHOLE, 0.5) is None


def test_models_without_attention_have_no_box():
    assert input_box([], (60, 80)) is None
