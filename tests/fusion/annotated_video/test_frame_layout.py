"""Sizes and positions of the parts of an annotated frame."""

import numpy as np
import pytest

from triad.fusion.annotated_video.frame_layout import (
    INSET_HW,
    MARGIN,
    MAX_PICTURE_HW,
    PANEL_WIDTH,
    TIMELINE_HEIGHT,
    class_color,
    compose_frame,
    fit_inset,
    fit_text,
    picture_size,
)


@pytest.mark.parametrize(
    ("size_hw", "expected"),
    [((1080, 1920), (480, 854)), ((240, 320), (480, 640)), ((1920, 1080), (480, 270)), ((100, 1000), (86, 854))],
)
def test_picture_fits_and_is_even(size_hw, expected):
    assert picture_size(size_hw) == expected


def test_parts_lie_side_by_side():
    picture = np.full((100, 200, 3), 10, np.uint8)
    panel = np.full((MAX_PICTURE_HW[0], PANEL_WIDTH, 3), 20, np.uint8)
    timeline = np.full((TIMELINE_HEIGHT, 200 + PANEL_WIDTH, 3), 30, np.uint8)
    inset = np.full((*INSET_HW, 3), 40, np.uint8)
    frame = compose_frame(picture, panel, timeline, [("flow", inset)], "0:01")
    assert frame.shape == (MAX_PICTURE_HW[0] + TIMELINE_HEIGHT, 200 + PANEL_WIDTH, 3)
    assert (frame[190:290, 100:200] == 10).all()  # centred in a height of 480
    assert (frame[:200, 200:] == 20).all()
    assert (frame[MAX_PICTURE_HW[0] :] == 30).all()
    bottom = MAX_PICTURE_HW[0] - 14
    left = 200 + MARGIN
    assert (frame[bottom - INSET_HW[0] : bottom, left : left + INSET_HW[1]] == 40).all()


def test_inset_is_centred():
    inset = fit_inset(np.zeros((60, 20, 3), np.uint8))
    rows, columns = np.nonzero((inset == 0).all(-1))
    assert inset.shape == (*INSET_HW, 3)
    assert (rows.min(), rows.max()) == (0, INSET_HW[0] - 1)
    assert (columns.min(), columns.max()) == (57, 96)


def test_long_text_ends_with_ellipsis():
    assert fit_text("sit_down", 14, 200) == "sit down"
    shortened = fit_text("a_very_long_name_of_a_class", 14, 80)
    assert shortened.startswith("a very")
    assert shortened.endswith("…")


def test_class_colors_repeat():
    assert class_color(0) == class_color(10)
    assert class_color(0) != class_color(1)
