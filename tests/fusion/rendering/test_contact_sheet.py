import numpy as np
import pytest

from triad.fusion.rendering.contact_sheet import (
    GAP,
    GUTTER,
    HEATMAP_HEADER,
    HEATMAP_LINE,
    MARGIN,
    SUMMARY_WIDTH,
    BarRow,
    HeatmapRow,
    ImageRow,
    compose_sheet,
    to_png,
)
from triad.fusion.rendering.style import BACKGROUND
from triad.modalities.checks import InputError

RED, BLUE = (200, 0, 0), (0, 0, 200)


def cells(*colors, size=(40, 60)):
    return [np.full((*size, 3), color, np.uint8) for color in colors]


def test_cells_lie_in_rows_and_columns():
    top, left = MARGIN + 78, MARGIN + GUTTER
    sheet = np.asarray(compose_sheet("Title", "facts", [0.1, 0.2], [ImageRow("rgb", cells(RED, BLUE), RED)]))
    assert sheet.shape == (top + 40 + MARGIN, left + 60 + GAP + 60 + MARGIN, 3)
    assert tuple(sheet[top + 20, left + 30]) == RED
    assert tuple(sheet[top + 20, left + 60 + GAP + 30]) == BLUE
    assert tuple(sheet[top + 20, left + 60 + GAP // 2]) == BACKGROUND


def test_invalid_cell_is_veiled():
    row = ImageRow("flow", cells(RED, RED), BLUE, valid=np.array([True, False]))
    sheet = np.asarray(compose_sheet("t", "s", [0.1, 0.2], [row])).astype(int)
    y = MARGIN + 78 + 5
    assert tuple(sheet[y, MARGIN + GUTTER + 30]) == RED
    veiled = sheet[y, MARGIN + GUTTER + 60 + GAP + 30]
    assert np.abs(veiled - BACKGROUND).max() < 60


def test_bar_heights_are_proportional():
    rows = [ImageRow("rgb", cells(RED, RED), RED), BarRow("when", np.array([0.75, 0.25]), BLUE)]
    sheet = np.asarray(compose_sheet("t", "s", [0.1, 0.2], rows))
    blue = (sheet == BLUE).all(-1)[:, MARGIN + GUTTER :]  # without the dot beside the name
    last_bar = blue.shape[1] - MARGIN - 20
    assert blue[:, 20].sum() / blue[:, last_bar].sum() == pytest.approx(3, rel=0.15)


def test_heatmap_divides_width_of_columns():
    colors = np.array([[(200, 0, 0), (0, 0, 200)], [(0, 200, 0), (0, 0, 0)]], np.uint8)  # [V, T, 3]
    summary = np.array([(0, 200, 200), (200, 0, 200)], np.uint8)
    rows = [
        ImageRow("rgb", [np.full((40, 60, 3), 246, np.uint8)] * 3, (0, 0, 0)),
        HeatmapRow("why", colors, ("left_hand", "head"), (9, 9, 9), "what", summary),
    ]
    sheet = np.asarray(compose_sheet("t", "s", [0.1, 0.2, 0.3], rows))
    left, width = MARGIN + GUTTER, 3 * 60 + 2 * GAP
    top = sheet.shape[0] - MARGIN - 2 * HEATMAP_LINE
    assert tuple(sheet[top + 7, left + 7]) == (200, 0, 0)
    assert tuple(sheet[top + 7, left + width // 2 + 7]) == (0, 0, 200)
    assert tuple(sheet[top + HEATMAP_LINE + 7, left + width // 2 - 7]) == (0, 200, 0)
    assert tuple(sheet[top + 7, left - GAP - SUMMARY_WIDTH + 7]) == (0, 200, 200)
    assert tuple(sheet[top + HEATMAP_LINE + 7, left - GAP - 7]) == (200, 0, 200)
    assert (sheet[top - HEATMAP_HEADER : top, left + width :] == sheet[0, 0]).all()


def test_equal_sheets_are_equal_bytes():
    first, second = (to_png(compose_sheet("t", "s", [0.0], [ImageRow("rgb", cells(RED), RED)])) for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG")


def test_long_name_stays_beside_cells():
    row = ImageRow("flow_raft_small_fast_at240", [np.zeros((60, 80, 3), np.uint8)], (1, 2, 3))
    sheet = np.asarray(compose_sheet("a", "b", [0.0], [row]))
    gap = sheet[MARGIN + 78 : MARGIN + 138, MARGIN + GUTTER - GAP + 1 : MARGIN + GUTTER]
    np.testing.assert_array_equal(gap, np.broadcast_to(BACKGROUND, gap.shape))


def test_wrong_number_of_cells_is_refused():
    with pytest.raises(InputError, match="row 'rgb' of a sheet must have 2 cells, got 1"):
        compose_sheet("t", "s", [0.1, 0.2], [ImageRow("rgb", cells(RED), RED)])
    with pytest.raises(InputError, match="sheet must have a row of pictures, got none"):
        compose_sheet("t", "s", [0.1], [BarRow("when", np.ones(2), BLUE)])
