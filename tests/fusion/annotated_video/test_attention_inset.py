"""Inset of attention: weights cropped to the frame, strength by time."""

import numpy as np
import pytest
from tiny_recognizer import build_recognizer

from triad.fusion.annotated_video.attention_inset import WHOLE, InputBox, draw_heat, input_boxes, place_on_frame
from triad.fusion.annotated_video.frame_layout import INSET_HW
from triad.fusion.data import TemporalSampler
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.torch_network import TorchNetwork
from triad.fusion.models import SampleMap
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Span
from triad.modalities.rgb.reader import RgbReader


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


def make_map(axes, weights, name="α"):
    return SampleMap(name, "rgb", axes, np.array(weights, np.float32), Span(0.0, 1.0))


def test_map_of_times_sets_the_strength():
    picture = np.full((120, 160, 3), 100, np.uint8)
    over_time = make_map("T", [0.2, 0.8])
    weak, strong = (draw_heat(picture, make_map("HW", np.eye(2)), over_time, WHOLE, time) for time in (0.1, 0.9))
    assert weak.shape == strong.shape == (*INSET_HW, 3)
    centre = np.s_[20:100, 20:130]
    assert np.ptp(weak[centre].mean(-1)) < np.ptp(strong[centre].mean(-1))


def test_times_of_places_share_one_scale():
    picture = np.full((120, 160, 3), 100, np.uint8)
    one = make_map("THW", [np.eye(2), np.zeros((2, 2))])
    first, second = (draw_heat(picture, one, None, WHOLE, time)[20:100, 20:130].astype(int) for time in (0.1, 0.9))
    assert np.ptp(first, axis=-1).max() > 100
    assert np.ptp(second, axis=-1).max() < 5


def test_input_that_is_no_frame_lies_on_grey():
    inset = draw_heat(np.zeros((120, 160, 3), np.uint8), make_map("HW", [[0.0, 1.0]]), None, None, 0.5)
    assert inset.shape == (*INSET_HW, 3)
    assert len(np.unique(inset[60, 10])) == 1
    assert inset[60, 10, 0] > 60


def test_models_without_torch_have_no_box():
    assert input_boxes([], (60, 80)) == {}


def test_box_of_each_stream_that_shows_the_frame():
    """A centre crop of half the width of a frame that fits; the other stream shows hands."""
    model = build_recognizer()
    model.data_preprocessor.transforms["flow"].shows_frame = False
    inputs = {name: StreamInput(RgbReader(frame_size=(60, 80)), 2, name) for name in ("rgb", "flow")}
    views = (SpatialAugmentation(x=0.25, width=0.5),)
    network = TorchNetwork(model)
    boxes = input_boxes([Model("m", network, ("a",), inputs, TemporalSampler(), views=views)], (120, 160))
    assert list(boxes) == ["rgb"]
    assert boxes["rgb"] == pytest.approx((0.25, 0.0, 0.5, 1.0))
