"""Colours and letters of sheets and videos."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import matplotlib
from PIL import ImageFont

from triad.modalities.modality import Color

BACKGROUND: Color = (251, 250, 247)
TEXT_COLOR: Color = (35, 40, 47)
MUTED_COLOR: Color = (106, 113, 123)
LINE_COLOR: Color = (231, 228, 221)


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return DejaVu Sans, which comes with matplotlib, so that letters are the same on every machine."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf" / name), size)


def wrap_name(name: str, letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a name after underscores and spaces into lines of at most ``width`` pixels where it has any."""
    lines = [""]
    for word in re.findall(r"[^_ ]*[_ ]+|[^_ ]+", name):
        if lines[-1] and letters.getlength(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    return lines


def shorten(text: str, letters: ImageFont.FreeTypeFont, width: float) -> str:
    """Return the text, underscores as spaces, ending in an ellipsis where it is longer than ``width`` pixels."""
    text = text.replace("_", " ")
    if letters.getlength(text) <= width:
        return text
    while text and letters.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def format_weight(value: float, highest: float) -> str:
    """Return a weight in words, in per cent where even the highest of its kind is below a tenth."""
    return f"{value:.2f}" if highest >= 0.1 else f"{100 * value:.2g} %"
