import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.rendering import GREY, LEFT, MIDDLE, RIGHT, draw_skeleton, fade_to_grey

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
    assert not frame.any()  # the frame itself is unchanged


def test_missing_joints_are_left_out() -> None:
    pixels, scores = standing()
    scores[LAYOUT.index("left_wrist")] = 0
    picture = draw_skeleton(np.zeros((100, 100, 3), np.uint8), pixels, scores, LAYOUT)
    assert not picture[:40, 60:].any()
    assert picture[:40, :40].any()


def test_joints_outside_are_no_error() -> None:
    pixels, scores = standing()
    pixels[0] = [1e9, -1e9]
    assert draw_skeleton(np.zeros((10, 10, 3), np.uint8), pixels, scores, LAYOUT).shape == (10, 10, 3)


def test_other_layout_is_refused() -> None:
    with pytest.raises(InputError, match=r"pixels of layout 'jhmdb15' must have shape \[V=15, 2\]"):
        draw_skeleton(np.zeros((10, 10, 3), np.uint8), np.zeros((16, 2)), np.ones(16), LAYOUT)


def test_low_scores_fade_to_grey() -> None:
    assert fade_to_grey(LEFT, 1.0) == fade_to_grey(LEFT, 7.0) == LEFT
    assert fade_to_grey((210, 110, 10), 0.5) == (160, 110, 60)
    assert fade_to_grey(RIGHT, 0.0) == (GREY, GREY, GREY)
