"""Side panel of the annotated video: the likeliest classes as bars, and the top class of each stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.annotated_video.frame_layout import MARGIN, MAX_PICTURE_HW, PANEL_WIDTH, fit_text
from triad.fusion.rendering.style import BACKGROUND, LINE_COLOR, MUTED_COLOR, TEXT_COLOR, font
from triad.modalities.modality import Color

# pixels
BAR_ROW_HEIGHT = 37
STREAMS_HEIGHT = 84
STREAM_ROW_HEIGHT = 21


class ClassBar(NamedTuple):
    """A class, its probability (0–1) and the colour of its bar."""

    label: str
    probability: float
    color: Color


class StreamPrediction(NamedTuple):
    """The top class of one stream alone; ``label`` is None where the video lacks the stream."""

    stream: str
    color: Color
    label: str | None
    probability: float


@dataclass(frozen=True)
class SidePanel:
    """Content of the side panel.

    Args:
        bars: likeliest classes, the top one first; empty before the first prediction.
        streams: prediction of each stream, where a model has several.
    """

    bars: Sequence[ClassBar]
    streams: Sequence[StreamPrediction] = ()


def draw_side_panel(content: SidePanel) -> np.ndarray:
    """Draw the top class large, the likeliest classes as bars and a line per stream.

    Shapes: uint8 ``[MAX_PICTURE_HW[0], PANEL_WIDTH, 3]``.
    """
    image = Image.new("RGB", (PANEL_WIDTH, MAX_PICTURE_HW[0]), BACKGROUND)
    draw = ImageDraw.Draw(image)
    if not content.bars:
        draw.text((MARGIN, 22), "no prediction yet", MUTED_COLOR, font(17))
        return np.asarray(image)
    title = fit_text(content.bars[0].label, 23, PANEL_WIDTH - 2 * MARGIN, bold=True)
    draw.text((MARGIN, 14), title, TEXT_COLOR, font(23, bold=True))
    y = 56
    for bar in content.bars:
        _draw_bar(draw, bar, y, top=bar is content.bars[0])
        y += BAR_ROW_HEIGHT
    y += 6
    for stream in content.streams:
        _draw_stream(draw, stream, y)
        y += min(STREAM_ROW_HEIGHT, STREAMS_HEIGHT // len(content.streams))
    return np.asarray(image)


def _draw_bar(draw: ImageDraw.ImageDraw, bar: ClassBar, y: int, *, top: bool) -> None:
    right = PANEL_WIDTH - MARGIN
    ink = TEXT_COLOR if top else MUTED_COLOR
    text_font = font(14, bold=top)
    draw.text((MARGIN, y), fit_text(bar.label, 14, 250, bold=top), ink, text_font)
    draw.text((right, y), f"{100 * bar.probability:.0f} %", ink, text_font, anchor="ra")
    draw.rounded_rectangle((MARGIN, y + 21, right, y + 28), 3, LINE_COLOR)
    end = MARGIN + (right - MARGIN) * float(np.clip(bar.probability, 0, 1))
    if end - MARGIN >= 1:
        draw.rounded_rectangle((MARGIN, y + 21, max(end, MARGIN + 6), y + 28), 3, bar.color)


def _draw_stream(draw: ImageDraw.ImageDraw, prediction: StreamPrediction, y: int) -> None:
    draw.ellipse((MARGIN, y + 4, MARGIN + 9, y + 13), prediction.color)
    draw.text((MARGIN + 16, y), fit_text(prediction.stream, 13, 92), TEXT_COLOR, font(13))
    label = "not in this video" if prediction.label is None else prediction.label
    draw.text((MARGIN + 112, y), fit_text(label, 13, 158), MUTED_COLOR, font(13))
    if prediction.label is not None:
        percent = f"{100 * prediction.probability:.0f} %"
        draw.text((PANEL_WIDTH - MARGIN, y), percent, MUTED_COLOR, font(13), anchor="ra")
