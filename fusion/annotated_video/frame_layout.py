"""Layout of a frame of the annotated video: the picture, the side panel beside it and the timeline below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.rendering.style import BACKGROUND, LINE_COLOR, MUTED_COLOR, TEXT_COLOR, font, shorten
from triad.modalities.letterbox import resize
from triad.modalities.modality import Color

# all in pixels
MAX_PICTURE_HW = (480, 854)
PANEL_WIDTH = 360
TIMELINE_HEIGHT = 84
MARGIN = 20
INSET_HW = (120, 154)
MAX_INSETS = 2
INSET_GAP = 12
INSET_BOTTOM = 14

CLASS_COLORS: tuple[Color, ...] = (
    *((58, 127, 156), (192, 96, 63), (98, 137, 63), (128, 90, 160), (200, 150, 40), (70, 150, 120)),
    *((180, 80, 120), (90, 110, 190), (150, 110, 70), (110, 120, 125)),
)
"""Colours of the classes, in turn; the same in bars and on the timeline."""


def class_color(label: int) -> Color:
    """Return the colour of a class index."""
    return CLASS_COLORS[label % len(CLASS_COLORS)]


def picture_size(size_hw: tuple[int, int]) -> tuple[int, int]:
    """Return the even height and width at which a video of ``size_hw`` fits the picture area, aspect kept."""
    scale = min(MAX_PICTURE_HW[0] / size_hw[0], MAX_PICTURE_HW[1] / size_hw[1])
    return max(2 * round(size_hw[0] * scale / 2), 2), max(2 * round(size_hw[1] * scale / 2), 2)


def compose_frame(
    picture: np.ndarray,
    panel: np.ndarray,
    timeline: np.ndarray,
    insets: Sequence[tuple[str, np.ndarray]],
    clock: str,
) -> np.ndarray:
    """Put the picture, the side panel, the timeline and the insets together.

    Args:
        picture: frame in the size of :func:`picture_size`, uint8 ``[h, w, 3]``.
        panel: side panel, uint8 ``[MAX_PICTURE_HW[0], PANEL_WIDTH, 3]``.
        timeline: timeline below, uint8 ``[TIMELINE_HEIGHT, w + PANEL_WIDTH, 3]``.
        insets: caption and picture uint8 ``[*INSET_HW, 3]`` of at most two insets.
        clock: time of the frame as text, written into the picture.

    Shapes: uint8 ``[MAX_PICTURE_HW[0] + TIMELINE_HEIGHT, w + PANEL_WIDTH, 3]``.
    """
    height, width = picture.shape[:2]
    area_height = MAX_PICTURE_HW[0]
    canvas = np.empty((area_height + TIMELINE_HEIGHT, width + PANEL_WIDTH, 3), np.uint8)
    canvas[:] = BACKGROUND
    top = (area_height - height) // 2
    canvas[:area_height, :width] = TEXT_COLOR
    canvas[top : top + height, :width] = picture
    canvas[:area_height, width:] = panel
    canvas[area_height:] = timeline
    _paste(canvas, _draw_clock(clock), top=8, left=8)
    bottom = area_height - INSET_BOTTOM
    for position, (caption, inset) in enumerate(insets):
        left = width + MARGIN + position * (INSET_HW[1] + INSET_GAP)
        caption_image = _draw_caption(caption)
        _paste(canvas, inset, top=bottom - INSET_HW[0], left=left)
        _paste(canvas, caption_image, top=bottom - INSET_HW[0] - caption_image.shape[0], left=left)
    return canvas


def fit_inset(picture: np.ndarray) -> np.ndarray:
    """Return a picture scaled to fit an inset, centred. Shapes: uint8 ``[h, w, 3]`` -> ``[*INSET_HW, 3]``."""
    scale = min(INSET_HW[0] / picture.shape[0], INSET_HW[1] / picture.shape[1])
    height, width = (max(round(side * scale), 1) for side in picture.shape[:2])
    inset = np.empty((*INSET_HW, 3), np.uint8)
    inset[:] = LINE_COLOR
    _paste(inset, resize(picture, (height, width)), top=(INSET_HW[0] - height) // 2, left=(INSET_HW[1] - width) // 2)
    return inset


@cache
def fit_text(text: str, size: int, width: int, *, bold: bool = False) -> str:
    """Return the text, underscores as spaces, shortened with an ellipsis to a width in pixels at a font size."""
    return shorten(text, font(size, bold=bold), width)


def _paste(canvas: np.ndarray, image: np.ndarray, *, top: int, left: int) -> None:
    canvas[top : top + image.shape[0], left : left + image.shape[1]] = image


def _draw_clock(text: str) -> np.ndarray:
    image = Image.new("RGB", (round(font(14).getlength(text)) + 14, 24), TEXT_COLOR)
    ImageDraw.Draw(image).text((7, 12), text, BACKGROUND, font(14), anchor="lm")
    return np.asarray(image)


@cache
def _draw_caption(text: str) -> np.ndarray:
    image = Image.new("RGB", (INSET_HW[1], 19), BACKGROUND)
    ImageDraw.Draw(image).text((0, 9), fit_text(text, 12, INSET_HW[1]), MUTED_COLOR, font(12), anchor="lm")
    return np.asarray(image)
