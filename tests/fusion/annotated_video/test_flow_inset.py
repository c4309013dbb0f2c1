"""Inset of optical flow: colours by direction and speed."""

import numpy as np

from triad.fusion.annotated_video.flow_inset import FlowInset
from triad.fusion.annotated_video.frame_layout import INSET_HW


def uniform_field(u, v):
    return np.full((60, 80, 2), (u, v), np.float32)


def test_motion_to_the_right_is_red():
    inset = FlowInset()
    assert inset.picture is None
    inset.update(uniform_field(4.0, 0.0))
    assert inset.picture.shape == (*INSET_HW, 3)
    red, _, blue = inset.picture[60, 77]
    assert red > blue


def test_slow_motion_stays_pale_after_fast():
    inset = FlowInset()
    inset.update(uniform_field(20.0, 0.0))
    fast = inset.picture[60, 77].astype(int)
    inset.update(uniform_field(2.0, 0.0))
    slow = inset.picture[60, 77].astype(int)
    assert np.ptp(slow) < np.ptp(fast)
