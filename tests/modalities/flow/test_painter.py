import numpy as np
import pytest

from triad.modalities.clips import FlowClip
from triad.modalities.flow.painter import STILL, FlowPainter, direction_wheel, max_speed
from triad.modalities.modality import Canvas


def make_clip(*speeds, valid=None):
    """Fields that move to the right by canvas pixels."""
    data = np.zeros((len(speeds), 8, 8, 2), np.float32)
    data[..., 0] = np.array(speeds)[:, None, None]
    return FlowClip(data, 0.1, np.zeros(len(speeds)), np.ones(len(speeds), bool) if valid is None else valid)


def test_speeds_are_in_video_pixels():
    painter = FlowPainter(make_clip(8, 4), Canvas((8, 8), scale=2))
    assert painter.notes[1] == "full: 4.0 px a frame"
    assert painter.legend_note == "rim: 4.0 px a frame"
    fast, slow = painter.draw(make_clip(8, 4), None)
    assert tuple(fast[4, 4]) == (255, 0, 0)
    assert tuple(slow[4, 4]) == (255, 128, 128)  # half as fast, half as red


def test_still_fields_keep_least_scale():
    assert max_speed(make_clip(0.1), scale=1) == STILL
    assert max_speed(make_clip(0, 9, valid=np.array([True, False])), scale=1) == STILL
    assert max_speed(make_clip(9, valid=np.array([False])), scale=1) == STILL
    assert max_speed(make_clip(9), scale=3) == pytest.approx(3)


def test_wheel_is_colored_inside():
    wheel = direction_wheel(33, background=(250, 251, 252))
    assert tuple(wheel[0, 0]) == (250, 251, 252)
    red, _, blue = wheel[16, 30].astype(int)  # to the right
    assert red > 200 > blue


def test_first_field_of_stack_is_drawn():
    plain = make_clip(8, 4)
    stacked = FlowClip(np.stack([plain.data, 9 * plain.data], axis=1), 0.1, plain.times, plain.valid)
    painter = FlowPainter(stacked, Canvas((8, 8)))
    assert painter.notes == ("hue: direction", "full: 8.0 px a frame", "first of 2 fields")
    pictures = painter.draw(stacked, None)
    np.testing.assert_array_equal(pictures, FlowPainter(plain, Canvas((8, 8))).draw(plain, None))
