import numpy as np
import pytest

from modalities.checks import InputError
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.rendering import GREY, LEFT, MIDDLE, RIGHT, draw_skeleton, greyed

LAYOUT = get_layout("jhmdb15")


def standing() -> tuple[np.ndarray, np.ndarray]:
    pixels = np.full((15, 2), 50.0, np.float32)
    pixels[LAYOUT.index("left_wrist")] = [80, 20]
    pixels[LAYOUT.index("right_wrist")] = [20, 20]
    pixels[LAYOUT.index("face")] = [50, 10]
    return pixels, np.ones(15, np.float32)


def test_sides_have_their_colours() -> None:
    frame = np.zeros((100, 100, 3), np.uint8)
    picture = draw_skeleton(frame, *standing(), LAYOUT)
    assert tuple(picture[20, 80]) == LEFT
    assert tuple(picture[20, 20]) == RIGHT
    assert tuple(picture[10, 50]) == MIDDLE
    assert not frame.any()  # the frame itself is left alone


def test_lost_joints_and_their_bones_are_left_out() -> None:
    pixels, scores = standing()
    scores[LAYOUT.index("left_wrist")] = 0
    picture = draw_skeleton(np.zeros((100, 100, 3), np.uint8), pixels, scores, LAYOUT)
    assert not picture[:40, 60:].any()
    assert picture[:40, :40].any()


def test_far_outside_is_no_error() -> None:
    pixels, scores = standing()
    pixels[0] = [1e9, -1e9]
    assert draw_skeleton(np.zeros((10, 10, 3), np.uint8), pixels, scores, LAYOUT).shape == (10, 10, 3)


def test_refuses_another_layout() -> None:
    with pytest.raises(InputError, match=r"pixels of layout 'jhmdb15' must have shape \[V=15, 2\]"):
        draw_skeleton(np.zeros((10, 10, 3), np.uint8), np.zeros((16, 2)), np.ones(16), LAYOUT)


def test_a_joint_is_as_grey_as_it_is_unsure() -> None:
    assert greyed(LEFT, 1.0) == greyed(LEFT, 7.0) == LEFT
    assert greyed((210, 110, 10), 0.5) == (160, 110, 60)
    assert greyed(RIGHT, 0.0) == (GREY, GREY, GREY)
