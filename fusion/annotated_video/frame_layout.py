"""One frame of an annotated video: the picture, what the models say of it, and the labels over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from fusion.rendering.contact_sheet import INK, LINE, PAPER, SOFT, Color, font
from modalities.letterbox import resize

PANE, PANEL, STRIP, MARGIN = (480, 854), 360, 84, 20  # height and width at most; width; height; all in pixels
ROW, VOICES, INSET = 37, 84, (120, 154)  # height of a bar, of all streams, and of a small picture
COLORS: tuple[Color, ...] = (
    *((58, 127, 156), (192, 96, 63), (98, 137, 63), (128, 90, 160), (200, 150, 40), (70, 150, 120)),
    *((180, 80, 120), (90, 110, 190), (150, 110, 70), (110, 120, 125)),
)
"""Of the classes, in turn; the same in bars and on the time line."""


class Bar(NamedTuple):
    """A class and how likely it is."""

    label: str
    share: float
    color: Color


class StreamPrediction(NamedTuple):
    """What one stream says by itself; ``label`` is None where the video lacks it."""

    stream: str
    tone: Color
    label: str | None
    share: float


class TimelineSegment(NamedTuple):
    """A label and its time, in seconds."""

    start: float
    end: float
    label: str
    color: Color


@dataclass(frozen=True)
class SidePanel:
    """What stands beside the picture.

    Args:
        bars: likeliest first; empty where nothing has been said.
        voices: one a stream, where there are several.
    """

    bars: Sequence[Bar]
    voices: Sequence[StreamPrediction] = ()


def color_of(label: int) -> Color:
    """The colour of a class."""
    return COLORS[label % len(COLORS)]


def pane_of(size_hw: tuple[int, int]) -> tuple[int, int]:
    """Height and width in which a video is shown: whole, as large as there is room, even."""
    scale = min(PANE[0] / size_hw[0], PANE[1] / size_hw[1])
    return max(2 * round(size_hw[0] * scale / 2), 2), max(2 * round(size_hw[1] * scale / 2), 2)


def compose_frame(
    picture: np.ndarray, panel: np.ndarray, strip: np.ndarray, insets: Sequence[tuple[str, np.ndarray]], clock: str
) -> np.ndarray:
    """The parts put together.

    Args:
        picture: uint8 ``[h, w, 3]``, of the size of :func:`pane_of`.
        panel: of :func:`draw_panel`.
        strip: of :func:`draw_strip`.
        insets: captions and pictures uint8 ``[*INSET, 3]``, two at most.
        clock: the time in words.

    Shapes: uint8 ``[PANE + STRIP, w + PANEL, 3]``.
    """
    height, width = picture.shape[:2]
    whole = np.empty((PANE[0] + STRIP, width + PANEL, 3), np.uint8)
    whole[:] = PAPER
    top = (PANE[0] - height) // 2
    whole[: PANE[0], :width] = INK
    whole[top : top + height, :width] = picture
    whole[: PANE[0], width:] = panel
    whole[PANE[0] :] = strip
    stamp = _word(clock)
    whole[8 : 8 + stamp.shape[0], 8 : 8 + stamp.shape[1]] = stamp
    bottom = PANE[0] - 14
    for place, (caption, inset) in enumerate(insets):
        left = width + MARGIN + place * (INSET[1] + 12)
        note = _caption(caption)
        whole[bottom - INSET[0] : bottom, left : left + INSET[1]] = inset
        whole[bottom - INSET[0] - note.shape[0] : bottom - INSET[0], left : left + note.shape[1]] = note
    return whole


def draw_panel(content: SidePanel) -> np.ndarray:
    """The likeliest class large, the next ones as bars, and what each stream says by itself."""
    image = Image.new("RGB", (PANEL, PANE[0]), PAPER)
    draw = ImageDraw.Draw(image)
    right = PANEL - MARGIN
    if not content.bars:
        draw.text((MARGIN, 22), "not seen enough yet", SOFT, font(17))
        return np.asarray(image)
    best = content.bars[0]
    draw.text((MARGIN, 14), _fit(best.label, 23, PANEL - 2 * MARGIN, bold=True), INK, font(23, bold=True))
    y = 56
    for bar in content.bars:
        strong = bar is best
        percent = f"{100 * bar.share:.0f} %"
        draw.text((MARGIN, y), _fit(bar.label, 14, 250, bold=strong), INK if strong else SOFT, font(14, bold=strong))
        draw.text((right, y), percent, INK if strong else SOFT, font(14, bold=strong), anchor="ra")
        draw.rounded_rectangle((MARGIN, y + 21, right, y + 28), 3, LINE)
        reach = MARGIN + (right - MARGIN) * float(np.clip(bar.share, 0, 1))
        if reach - MARGIN >= 1:
            draw.rounded_rectangle((MARGIN, y + 21, max(reach, MARGIN + 6), y + 28), 3, bar.color)
        y += ROW
    y += 6
    step = min(21, VOICES // max(len(content.voices), 1))
    for voice in content.voices:
        draw.ellipse((MARGIN, y + 4, MARGIN + 9, y + 13), voice.tone)
        draw.text((MARGIN + 16, y), _fit(voice.stream, 13, 92), INK, font(13))
        said = "not in this video" if voice.label is None else voice.label
        draw.text((MARGIN + 112, y), _fit(said, 13, 158), SOFT, font(13))
        if voice.label is not None:
            draw.text((right, y), f"{100 * voice.share:.0f} %", SOFT, font(13), anchor="ra")
        y += step
    return np.asarray(image)


def draw_strip(width: int, blocks: Sequence[TimelineSegment], begin: float, end: float, now: float) -> np.ndarray:
    """Labels over a part of the time, and where the picture is in it.

    Args:
        width: pixels.
        blocks: labels, in the order of time.
        begin: of the part, seconds.
        end: of the part, seconds.
        now: time of the picture.
    """
    image = Image.new("RGB", (width, STRIP), PAPER)
    draw = ImageDraw.Draw(image)
    left, right, top, bottom = MARGIN, width - MARGIN, 14, 48
    scale = (right - left) / (end - begin)

    def place(time: float) -> float:
        return left + (min(max(time, begin), end) - begin) * scale

    draw.rounded_rectangle((left, top, right, bottom), 5, LINE)
    for block in blocks:
        first, last = place(block.start), place(block.end)
        if last - first < 1:
            continue
        draw.rounded_rectangle((first, top, max(last - 2, first + 1), bottom), 5, block.color)
        text = _fit(block.label, 13, int(last - first - 14))
        if len(text) > 2:
            draw.text((first + 7, (top + bottom) / 2), text, PAPER, font(13), anchor="lm")
    step = next((step for step in (0.5, 1, 2, 5, 10, 30, 60) if step * scale >= 60), 120)
    for tick in np.arange(np.ceil(begin / step - 1e-9) * step, end + 1e-9, step).tolist():
        x = place(tick)
        draw.line((x, bottom + 4, x, bottom + 8), SOFT)
        anchor = "la" if x < left + 12 else "ra" if x > right - 12 else "ma"
        draw.text((x, bottom + 11), clock_of(tick, step), SOFT, font(12), anchor=anchor)
    x = place(now)
    draw.line((x, top - 6, x, bottom + 6), INK, 3)
    draw.polygon([(x - 6, top - 8), (x + 6, top - 8), (x, top)], INK)
    return np.asarray(image)


def clock_of(seconds: float, step: float = 1.0) -> str:
    """``1:04``, or ``1:04.5`` where steps are shorter than a second."""
    digits = 1 if step < 1 else 0
    total = round(max(seconds, 0.0), digits)
    return f"{int(total // 60)}:{total % 60:0{3 + digits if digits else 2}.{digits}f}"


def inset_of(picture: np.ndarray) -> np.ndarray:
    """A picture as large as fits an inset, on ink. Uint8 ``[h, w, 3]`` -> ``[*INSET, 3]``."""
    scale = min(INSET[0] / picture.shape[0], INSET[1] / picture.shape[1])
    height, width = (max(round(side * scale), 1) for side in picture.shape[:2])
    inset = np.empty((*INSET, 3), np.uint8)
    inset[:] = LINE
    top, left = (INSET[0] - height) // 2, (INSET[1] - width) // 2
    inset[top : top + height, left : left + width] = resize(picture, (height, width))
    return inset


@cache
def _fit(text: str, size: int, width: int, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis to a width in pixels; underscores are spaces."""
    text = text.replace("_", " ")
    letters = font(size, bold=bold)
    if letters.getlength(text) <= width:
        return text
    while text and letters.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _word(text: str) -> np.ndarray:
    """White on ink."""
    image = Image.new("RGB", (round(font(14).getlength(text)) + 14, 24), INK)
    ImageDraw.Draw(image).text((7, 12), text, PAPER, font(14), anchor="lm")
    return np.asarray(image)


@cache
def _caption(text: str) -> np.ndarray:
    image = Image.new("RGB", (INSET[1], 19), PAPER)
    ImageDraw.Draw(image).text((0, 9), _fit(text, 12, INSET[1]), SOFT, font(12), anchor="lm")
    return np.asarray(image)
