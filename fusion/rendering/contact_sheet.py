"""A sheet of pictures: rows are named, columns are times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from modalities.checks import fail
from modalities.painting import Color

PAPER, INK, SOFT, LINE = (251, 250, 247), (35, 40, 47), (106, 113, 123), (231, 228, 221)
MARGIN, GUTTER, GAP, ROW_GAP, CORNER = 28, 162, 8, 16, 7  # pixels
BARS = 52  # height of a row of bars
HEAD, LINE_HEIGHT, STRIP = 24, 14, 24  # of a grid: the line above it, each of its own, and the width beside it


@dataclass(frozen=True)
class ImageRow:
    """A row with one picture a column.

    Args:
        name: what the row shows.
        cells: uint8 ``[h, w, 3]`` each, all of one size.
        tone: colour of the row's mark.
        notes: lines below the name.
        valid: which cells are real; the others are veiled.
        legend: uint8 ``[h, w, 3]``, below the notes.
    """

    name: str
    cells: Sequence[np.ndarray]
    tone: Color
    notes: tuple[str, ...] = ()
    valid: np.ndarray | None = None
    legend: np.ndarray | None = None


@dataclass(frozen=True)
class BarRow:
    """A row of bars that share the whole width of the columns: shares of the time, whatever their number.

    Shapes: ``values`` ``[T]`` ≥ 0.
    """

    name: str
    values: np.ndarray
    tone: Color
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageGrid:
    """A row of coloured lines, one a label, that share the whole width of the columns.

    Shapes: ``colors`` uint8 ``[V, T, 3]``, ``labels`` ``[V]``; ``strip`` uint8 ``[V, 3]``, between the two.
    """

    name: str
    colors: np.ndarray
    labels: Sequence[str]
    tone: Color
    note: str = ""
    strip: np.ndarray | None = None


Row = ImageRow | BarRow | ImageGrid


def compose(title: str, subtitle: str, times: Sequence[float], rows: Sequence[Row]) -> Image.Image:
    """Put rows under a title and their times in seconds.

    Raises:
        InputError: if there is no row of pictures, or a row has another number of cells than there are times.
    """
    pictures = [row for row in rows if isinstance(row, ImageRow)]
    if not pictures:
        fail("sheet", "have a row of pictures", "none")
    for each in pictures:
        if len(each.cells) != len(times):
            fail(f"row '{each.name}' of a sheet", f"have {len(times)} cells", len(each.cells))
    cell = pictures[0].cells[0].shape[1]
    lefts = [MARGIN + GUTTER + column * (cell + GAP) for column in range(len(times))]
    heights = [_height(row) for row in rows]
    top = MARGIN + 78
    size = (lefts[-1] + cell + MARGIN, top + sum(heights) + ROW_GAP * (len(rows) - 1) + MARGIN)
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN - 4), title, INK, font(21, bold=True))
    draw.text((MARGIN, MARGIN + 25), subtitle, SOFT, font(13))
    for left, time in zip(lefts, times, strict=True):
        draw.text((left + cell / 2, top - 9), f"{time:.2f} s", SOFT, font(13), anchor="ms")
    for row, height in zip(rows, heights, strict=True):
        _label(sheet, row, top)
        if isinstance(row, ImageRow):
            valid = np.ones(len(times), bool) if row.valid is None else row.valid
            for left, picture, real in zip(lefts, row.cells, valid, strict=True):
                _cell(sheet, picture, (left, top), bool(real))
        elif isinstance(row, BarRow):
            _bars(draw, row, (lefts[0], top, lefts[-1] + cell, top + height))
        else:
            _grid(sheet, row, (lefts[0], top, lefts[-1] + cell, top + height))
        top += height + ROW_GAP
    return sheet


def to_png(sheet: Image.Image) -> bytes:
    """The bytes of a PNG; equal sheets give equal bytes."""
    buffer = BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib: the same letters on every machine."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf" / name), size)


def wrap_name(name: str, letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A name in lines of at most so many pixels, broken behind underscores where it has any."""
    lines = [""]
    for part in re.findall(r"[^_]*_+|[^_]+", name):
        if lines[-1] and letters.getlength(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return lines


def _height(row: Row) -> int:
    if isinstance(row, ImageRow):
        return row.cells[0].shape[0]
    return BARS if isinstance(row, BarRow) else HEAD + LINE_HEIGHT * len(row.labels)


def _label(sheet: Image.Image, row: Row, top: int) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.ellipse((MARGIN, top + 5, MARGIN + 8, top + 13), row.tone)
    lines = wrap_name(row.name, font(14, bold=True), GUTTER - 15 - GAP)
    for number, line in enumerate(lines):
        draw.text((MARGIN + 15, top + 17 * number), line, INK, font(14, bold=True))
    if isinstance(row, ImageGrid):
        draw.text((MARGIN + GUTTER, top + 14), row.note, SOFT, font(12), anchor="ls")
        return
    y = top + 5 + 17 * len(lines)
    for note in row.notes:
        draw.text((MARGIN + 15, y), note, SOFT, font(12))
        y += 17
    if isinstance(row, ImageRow) and row.legend is not None:
        sheet.paste(Image.fromarray(row.legend), (MARGIN + 15, y + 6))


def _cell(sheet: Image.Image, picture: np.ndarray, place: tuple[int, int], real: bool) -> None:
    image = Image.fromarray(picture)
    if not real:
        image = Image.blend(image, Image.new("RGB", image.size, PAPER), 0.8)
        middle = (image.width / 2, image.height / 2)
        ImageDraw.Draw(image).text(middle, "past the end", SOFT, font(13), anchor="mm")
    mask = Image.new("L", (4 * image.width, 4 * image.height))  # four times as large, for smooth corners
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), 4 * CORNER, 255)
    sheet.paste(image, place, mask.resize(image.size, Image.Resampling.LANCZOS))
    outline = (place[0], place[1], place[0] + image.width - 1, place[1] + image.height - 1)
    ImageDraw.Draw(sheet).rounded_rectangle(outline, CORNER, outline=LINE)


def _bars(draw: ImageDraw.ImageDraw, row: BarRow, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    width = (right - left) / len(row.values)
    scale = (bottom - top - 18) / max(float(row.values.max()), 1e-9)
    for number, value in enumerate(row.values.tolist()):
        x = left + number * width
        draw.rounded_rectangle((x + 2, bottom - max(value * scale, 1), x + width - 3, bottom), 3, row.tone)
        draw.text((x + width / 2, bottom - value * scale - 3), f"{value:.2f}", SOFT, font(12), anchor="ms")


def _grid(sheet: Image.Image, row: ImageGrid, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    draw = ImageDraw.Draw(sheet)
    blocks = [(row.colors, left, right)]
    if row.strip is not None:
        blocks.append((row.strip[:, None], left - GAP - STRIP, left - GAP))
    for colors, start, end in blocks:
        size = (end - start, bottom - top - HEAD)
        sheet.paste(Image.fromarray(colors).resize(size, Image.Resampling.NEAREST), (start, top + HEAD))
        draw.rectangle((start, top + HEAD, end - 1, bottom - 1), outline=LINE)
    for number, label in enumerate(row.labels):
        y = top + HEAD + (number + 0.5) * LINE_HEIGHT
        draw.text((blocks[-1][1] - 8, y), label.replace("_", " "), SOFT, font(11), anchor="rm")
