"""Contact sheet: named rows of pictures, bars and heat maps, a column per time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.rendering.style import (
    BACKGROUND,
    LINE_COLOR,
    MUTED_COLOR,
    TEXT_COLOR,
    font,
    format_weight,
    shorten,
    wrap_name,
)
from triad.modalities.checks import fail
from triad.modalities.modality import Color

MARGIN, GUTTER, GAP, ROW_GAP, CORNER = 28, 162, 8, 16, 7  # pixels
BAR_ROW_HEIGHT, BAR_LABEL_HEIGHT, NOTE_HEIGHT, MAX_BAR_WIDTH = 52, 18, 17, 160
HEATMAP_HEADER, HEATMAP_LINE, SUMMARY_WIDTH = 24, 14, 24  # pixels: the line above, each label's line, the column beside


NOTE_LENGTH = 20
"""Letters of a line beside a row."""


@dataclass(frozen=True)
class ImageRow:
    """Row of one picture per column.

    Args:
        name: name of the row.
        cells: pictures of one size, uint8 ``[h, w, 3]`` each.
        color: colour of the dot beside the name.
        notes: lines below the name.
        valid: whether each cell is real, bool ``[T]``; the others are veiled. None if all are.
        legend: picture below the notes, uint8 ``[h, w, 3]``.
    """

    name: str
    cells: Sequence[np.ndarray]
    color: Color
    notes: tuple[str, ...] = ()
    valid: np.ndarray | None = None
    legend: np.ndarray | None = None


@dataclass(frozen=True)
class BarRow:
    """Row of bars that divide the width of all columns, whatever their number.

    Args:
        name: name of the row.
        values: heights of the bars, at least 0, ``[T]``.
        color: colour of the bars.
        notes: lines below the name.
        labels: words below the bars, ``[T]``; empty for none.
    """

    name: str
    values: np.ndarray
    color: Color
    notes: tuple[str, ...] = ()
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class HeatmapRow:
    """Row of coloured lines, one per label, that divide the width of all columns.

    Args:
        name: name of the row.
        colors: colours of the lines, uint8 ``[V, T, 3]``.
        labels: labels of the lines, ``[V]``.
        color: colour of the dot beside the name.
        note: line above the heat map.
        summary: one colour per label, drawn between labels and lines, uint8 ``[V, 3]``.
    """

    name: str
    colors: np.ndarray
    labels: Sequence[str]
    color: Color
    note: str = ""
    summary: np.ndarray | None = None


Row = ImageRow | BarRow | HeatmapRow
Box = tuple[int, int, int, int]
"""Left, top, right and bottom, pixels."""


def compose_sheet(title: str, subtitle: str, times: Sequence[float], rows: Sequence[Row]) -> Image.Image:
    """Draw rows below a title and their times.

    Args:
        title: first line, large.
        subtitle: second line.
        times: seconds of the columns.
        rows: rows from top to bottom, at least one of pictures.

    Raises:
        InputError: If there is no row of pictures, or a row has another number of cells than there are times.
    """
    image_rows = [row for row in rows if isinstance(row, ImageRow)]
    if not image_rows:
        fail("sheet", "have a row of pictures", "none")
    for image_row in image_rows:
        if len(image_row.cells) != len(times):
            fail(f"row '{image_row.name}' of a sheet", f"have {len(times)} cells", len(image_row.cells))
    cell_width = image_rows[0].cells[0].shape[1]
    lefts = [MARGIN + GUTTER + column * (cell_width + GAP) for column in range(len(times))]
    heights = [_row_height(row) for row in rows]
    top = MARGIN + 78
    size = (lefts[-1] + cell_width + MARGIN, top + sum(heights) + ROW_GAP * (len(rows) - 1) + MARGIN)
    sheet = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN - 4), title, TEXT_COLOR, font(21, bold=True))
    draw.text((MARGIN, MARGIN + 25), subtitle, MUTED_COLOR, font(13))
    for left, time in zip(lefts, times, strict=True):
        draw.text((left + cell_width / 2, top - 9), f"{time:.2f} s", MUTED_COLOR, font(13), anchor="ms")
    for row, height in zip(rows, heights, strict=True):
        _draw_label(sheet, row, top)
        if isinstance(row, ImageRow):
            valid = np.ones(len(times), bool) if row.valid is None else row.valid
            for left, cell, is_valid in zip(lefts, row.cells, valid, strict=True):
                _draw_cell(sheet, cell, (left, top), bool(is_valid))
        elif isinstance(row, BarRow):
            _draw_bars(draw, row, (lefts[0], top, lefts[-1] + cell_width, top + height))
        else:
            _draw_heatmap(sheet, row, (lefts[0], top, lefts[-1] + cell_width, top + height))
        top += height + ROW_GAP
    return sheet


def to_png(sheet: Image.Image) -> bytes:
    """Return the bytes of a PNG; equal sheets give equal bytes."""
    buffer = BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _row_height(row: Row) -> int:
    if isinstance(row, ImageRow):
        return row.cells[0].shape[0]
    if isinstance(row, HeatmapRow):
        return HEATMAP_HEADER + HEATMAP_LINE * len(row.labels)
    lines = len(_name_lines(row)) + len(row.notes)
    return max(BAR_ROW_HEIGHT + (BAR_LABEL_HEIGHT if row.labels else 0), 5 + NOTE_HEIGHT * lines)


def _name_lines(row: Row) -> list[str]:
    return wrap_name(row.name, font(14, bold=True), GUTTER - 15 - GAP)


def _draw_label(sheet: Image.Image, row: Row, top: int) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.ellipse((MARGIN, top + 5, MARGIN + 8, top + 13), row.color)
    lines = _name_lines(row)
    for number, line in enumerate(lines):
        draw.text((MARGIN + 15, top + NOTE_HEIGHT * number), line, TEXT_COLOR, font(14, bold=True))
    if isinstance(row, HeatmapRow):
        draw.text((MARGIN + GUTTER, top + 14), row.note, MUTED_COLOR, font(12), anchor="ls")
        return
    y = top + 5 + NOTE_HEIGHT * len(lines)
    for note in row.notes:
        draw.text((MARGIN + 15, y), note, MUTED_COLOR, font(12))
        y += NOTE_HEIGHT
    if isinstance(row, ImageRow) and row.legend is not None:
        sheet.paste(Image.fromarray(row.legend), (MARGIN + 15, y + 6))


def _draw_cell(sheet: Image.Image, cell: np.ndarray, corner: tuple[int, int], is_valid: bool) -> None:
    image = Image.fromarray(cell)
    if not is_valid:
        image = Image.blend(image, Image.new("RGB", image.size, BACKGROUND), 0.8)
        middle = (image.width / 2, image.height / 2)
        ImageDraw.Draw(image).text(middle, "past the end", MUTED_COLOR, font(13), anchor="mm")
    mask = Image.new("L", (4 * image.width, 4 * image.height))  # four times as large, for smooth corners
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), 4 * CORNER, 255)
    sheet.paste(image, corner, mask.resize(image.size, Image.Resampling.LANCZOS))
    outline = (corner[0], corner[1], corner[0] + image.width - 1, corner[1] + image.height - 1)
    ImageDraw.Draw(sheet).rounded_rectangle(outline, CORNER, outline=LINE_COLOR)


def _draw_bars(draw: ImageDraw.ImageDraw, row: BarRow, box: Box) -> None:
    left, top, right, bottom = box
    width = (right - left) / len(row.values)
    if row.labels:
        bottom -= BAR_LABEL_HEIGHT
        width = min(width, MAX_BAR_WIDTH)
    highest = max(float(row.values.max()), 1e-9)
    scale = (bottom - top - 18) / highest
    numbers = [format_weight(value, highest) for value in row.values.tolist()]
    shows_all = max(map(font(12).getlength, numbers)) <= width - 2
    for number, value in enumerate(row.values.tolist()):
        x = left + number * width
        edges = (x + min(2, width / 8), x + width - min(3, width / 8))
        draw.rounded_rectangle(
            (edges[0], bottom - max(value * scale, 1), edges[1], bottom), min(3, width / 4), row.color
        )
        if shows_all or value == row.values.max():
            draw.text((x + width / 2, bottom - value * scale - 3), numbers[number], MUTED_COLOR, font(12), anchor="ms")
        if row.labels:
            label = shorten(row.labels[number], font(12), width - 2)
            draw.text((x + width / 2, bottom + BAR_LABEL_HEIGHT - 4), label, TEXT_COLOR, font(12), anchor="ms")


def _draw_heatmap(sheet: Image.Image, row: HeatmapRow, box: Box) -> None:
    left, top, right, bottom = box
    draw = ImageDraw.Draw(sheet)
    blocks = [(row.colors, left, right)]
    if row.summary is not None:
        blocks.append((row.summary[:, None], left - GAP - SUMMARY_WIDTH, left - GAP))
    for colors, start, end in blocks:
        size = (end - start, bottom - top - HEATMAP_HEADER)
        sheet.paste(Image.fromarray(colors).resize(size, Image.Resampling.NEAREST), (start, top + HEATMAP_HEADER))
        draw.rectangle((start, top + HEATMAP_HEADER, end - 1, bottom - 1), outline=LINE_COLOR)
    for number, label in enumerate(row.labels):
        y = top + HEATMAP_HEADER + (number + 0.5) * HEATMAP_LINE
        draw.text((blocks[-1][1] - 8, y), label.replace("_", " "), MUTED_COLOR, font(11), anchor="rm")
