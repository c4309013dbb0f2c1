import numpy as np
import pytest

from fusion.rendering.contact_sheet import (
    GAP,
    GUTTER,
    MARGIN,
    PAPER,
    BarRow,
    ImageRow,
    compose,
    font,
    to_png,
    wrap_name,
)
from modalities.checks import InputError

RED, BLUE = (200, 0, 0), (0, 0, 200)


def cells(*colors, size=(40, 60)):
    return [np.full((*size, 3), color, np.uint8) for color in colors]


def test_rows_and_columns_lie_where_they_belong():
    top, left = MARGIN + 78, MARGIN + GUTTER
    sheet = np.asarray(compose("Title", "facts", [0.1, 0.2], [ImageRow("rgb", cells(RED, BLUE), RED)]))
    assert sheet.shape == (top + 40 + MARGIN, left + 60 + GAP + 60 + MARGIN, 3)
    assert tuple(sheet[top + 20, left + 30]) == RED
    assert tuple(sheet[top + 20, left + 60 + GAP + 30]) == BLUE
    assert tuple(sheet[top + 20, left + 60 + GAP // 2]) == PAPER


def test_an_entry_past_the_end_is_veiled():
    row = ImageRow("flow", cells(RED, RED), BLUE, valid=np.array([True, False]))
    sheet = np.asarray(compose("t", "s", [0.1, 0.2], [row])).astype(int)
    y = MARGIN + 78 + 5
    shown, veiled = sheet[y, MARGIN + GUTTER + 30], sheet[y, MARGIN + GUTTER + 60 + GAP + 30]
    assert tuple(shown) == RED
    assert np.abs(veiled - PAPER).max() < 60


def test_bars_are_as_high_as_their_values():
    rows = [ImageRow("rgb", cells(RED, RED), RED), BarRow("when", np.array([0.75, 0.25]), BLUE)]
    sheet = np.asarray(compose("t", "s", [0.1, 0.2], rows))
    blue = (sheet == BLUE).all(-1)[:, MARGIN + GUTTER :]  # without the mark of the row
    middle = blue.shape[1] - MARGIN
    first, second = blue[:, 20].sum(), blue[:, middle - 20].sum()
    assert first / second == pytest.approx(3, rel=0.15)


def test_equal_sheets_are_equal_bytes():
    first, second = (to_png(compose("t", "s", [0.0], [ImageRow("rgb", cells(RED), RED)])) for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG")


def test_a_row_of_another_length_is_refused():
    with pytest.raises(InputError, match="row 'rgb' of a sheet must have 2 cells, got 1"):
        compose("t", "s", [0.1, 0.2], [ImageRow("rgb", cells(RED), RED)])
    with pytest.raises(InputError, match="sheet must have a row of pictures, got none"):
        compose("t", "s", [0.1], [BarRow("when", np.ones(2), BLUE)])


def test_long_names_are_broken_behind_underscores():
    letters = font(14, bold=True)
    assert wrap_name("skeleton", letters, 10) == ["skeleton"]
    lines = wrap_name("flow_raft_small_fast_at240", letters, 139)
    assert lines == ["flow_raft_small_", "fast_at240"]
    assert max(letters.getlength(line) for line in lines) <= 139
    paper = np.zeros((60, 80, 3), np.uint8)
    sheet = compose("a", "b", [0.0], [ImageRow("flow_raft_small_fast_at240", [paper], (1, 2, 3))])
    beside = np.asarray(sheet)[MARGIN + 78 : MARGIN + 138, MARGIN + GUTTER - GAP + 1 : MARGIN + GUTTER]
    np.testing.assert_array_equal(beside, np.broadcast_to(PAPER, beside.shape))
