"""Relevance drawn on a skeleton, as size and colour of its joints."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw

from triad.fusion.rendering.style import BACKGROUND, MUTED_COLOR, font
from triad.modalities.checks import check_shape
from triad.modalities.skeleton import Layout

DIVERGING, SEQUENTIAL = "coolwarm", "viridis_r"
"""Colour maps ordered by lightness: blue below 0 and red above (Moreland 2009); light to dark from 0 on."""

BAR_WIDTH = 124  # pixels of a bar of colours
_BONE_COLOR, _OUTLINE_COLOR = (158, 162, 168), (70, 74, 80)
_SHIFT = 4  # OpenCV takes fixed-point coordinates: 1/16 of a pixel


def relevance_colors(values: np.ndarray, limit: float, *, signed: bool) -> np.ndarray:
    """Return colours of values; ``limit`` and beyond get the strongest. Shapes: ``[…]`` -> uint8 ``[…, 3]``."""
    levels = np.clip(values / max(limit, 1e-12), -1, 1)
    levels = (levels + 1) / 2 if signed else levels.clip(0, 1)
    colors = np.asarray(matplotlib.colormaps[DIVERGING if signed else SEQUENTIAL](levels))[..., :3]
    return np.round(255 * colors).astype(np.uint8)


def draw_relevance(
    frame: np.ndarray,
    pixels: np.ndarray,
    scores: np.ndarray,
    layout: Layout,
    *,
    values: np.ndarray,
    limit: float,
    signed: bool = True,
    links: Sequence[tuple[int, int, float]] = (),
) -> np.ndarray:
    """Return a copy of ``frame`` with one person's bones in grey, and joints whose area and colour are their relevance.

    Joints of score 0, and lines that end in one, are left out; the most relevant joints are drawn last.

    Args:
        frame: picture behind the skeleton, uint8 ``[H, W, 3]``.
        pixels: ``(x, y)`` of the joints, ``[V, 2]``.
        scores: scores of the joints, ``[V]``.
        layout: layout of the joints.
        values: relevance of the joints, ``[V]``.
        limit: relevance of the largest disc.
        signed: whether relevance below 0 gets a colour of its own.
        links: pairs of joints with a strength of 0–1, drawn as lines.

    Raises:
        InputError: If values or joints are not the layout's.
    """
    for name, array in (("scores", scores), ("relevance", values)):
        check_shape(f"{name} of layout '{layout.name}'", array, ["V"], V=layout.num_joints)
    check_shape(f"pixels of layout '{layout.name}'", pixels, ["V", 2], V=layout.num_joints)
    picture = np.ascontiguousarray(frame).copy()
    scores = np.where(np.isfinite(pixels).all(-1), scores, 0)
    pixels = np.nan_to_num(pixels)
    unit = frame.shape[1] / 240  # sizes below are for a picture 240 pixels wide
    points = [tuple(int(c) for c in np.round(joint * 2**_SHIFT)) for joint in np.clip(pixels, -1e4, 1e4)]
    colors = relevance_colors(values, limit, signed=signed)

    def draw_line(start: int, end: int, color: tuple[int, ...], width: float) -> None:
        if scores[start] > 0 and scores[end] > 0:
            thickness = max(round(width * unit), 1)
            cv2.line(picture, points[start], points[end], color, thickness, cv2.LINE_AA, _SHIFT)

    for child, parent in layout.bones:
        draw_line(child, parent, _BONE_COLOR, 2)
    for start, end, strength in links:
        color = tuple(relevance_colors(np.array(strength), 1, signed=False).tolist())
        draw_line(start, end, color, 0.5 + 2 * strength)
    for joint in np.argsort(np.abs(values), kind="stable").tolist():
        if scores[joint] > 0:
            level = min(abs(float(values[joint])) / max(limit, 1e-12), 1)
            radius = round((2 + 8 * sqrt(level)) * unit * 2**_SHIFT)
            outline = radius + round(1.2 * unit * 2**_SHIFT)
            cv2.circle(picture, points[joint], outline, _OUTLINE_COLOR, -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(picture, points[joint], radius, tuple(colors[joint].tolist()), -1, cv2.LINE_AA, _SHIFT)
    return picture


def color_bar(low: str, high: str, *, signed: bool = True) -> np.ndarray:
    """Return a bar of the colours in order with labels of its ends, uint8 ``[h, w, 3]``."""
    levels = np.linspace(-1 if signed else 0, 1, BAR_WIDTH)
    return label_bar(relevance_colors(levels, 1, signed=signed), low, high)


def label_bar(colors: np.ndarray, low: str, high: str) -> np.ndarray:
    """Return a bar of colours, uint8 ``[BAR_WIDTH, 3]``, with labels of its ends, uint8 ``[h, w, 3]``."""
    bar = Image.new("RGB", (BAR_WIDTH, 28), BACKGROUND)
    bar.paste(Image.fromarray(np.repeat(colors[None], 9, 0)), (0, 0))
    draw = ImageDraw.Draw(bar)
    draw.text((0, 26), low, MUTED_COLOR, font(11), anchor="ls")
    draw.text((BAR_WIDTH, 26), high, MUTED_COLOR, font(11), anchor="rs")
    return np.asarray(bar)
