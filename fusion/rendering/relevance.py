"""Relevance on a skeleton: the size and colour of its joints."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw

from fusion.rendering.contact_sheet import PAPER, SOFT, font
from modalities.checks import check_shape
from modalities.skeleton.layouts import Layout

SIGNED, SHARE = "coolwarm", "viridis_r"
"""Colour maps ordered by lightness: blue against, red for (Moreland 2009); light to dark for what has no sign."""

_BONE, _RIM = (158, 162, 168), (70, 74, 80)
_SHIFT = 4  # OpenCV takes fixed-point coordinates: 1/16 of a pixel


def colors_of(values: np.ndarray, full: float, *, signed: bool) -> np.ndarray:
    """Colours of values, ``full`` and beyond the strongest: ``[…]`` -> uint8 ``[…, 3]``."""
    shares = np.clip(values / max(full, 1e-12), -1, 1)
    shares = (shares + 1) / 2 if signed else shares.clip(0, 1)
    colored = np.asarray(matplotlib.colormaps[SIGNED if signed else SHARE](shares))[..., :3]
    return np.round(255 * colored).astype(np.uint8)


def draw_relevance(
    frame: np.ndarray,
    pixels: np.ndarray,
    scores: np.ndarray,
    layout: Layout,
    *,
    values: np.ndarray,
    full: float,
    signed: bool = True,
    links: Sequence[tuple[int, int, float]] = (),
) -> np.ndarray:
    """A copy of ``frame`` with one person's bones in grey, and joints whose area and colour are their relevance.

    Joints of score 0, and lines that end in one, are left out; the most relevant joints are drawn last.

    Args:
        frame: what lies behind.
        pixels: ``(x, y)`` of the joints.
        scores: of the joints.
        layout: of the joints.
        values: relevance.
        full: the relevance of the largest disc.
        signed: whether relevance below 0 is another colour; otherwise it is shares.
        links: pairs of joints and a strength of 0–1, as lines.

    Shapes: ``frame`` uint8 ``[H, W, 3]``, ``pixels`` ``[V, 2]``, ``scores``, ``values`` ``[V]``.

    Raises:
        InputError: if values or joints are not the layout's.
    """
    for name, array in (("scores", scores), ("relevance", values)):
        check_shape(f"{name} of layout '{layout.name}'", array, ["V"], V=layout.num_joints)
    check_shape(f"pixels of layout '{layout.name}'", pixels, ["V", 2], V=layout.num_joints)
    picture = np.ascontiguousarray(frame).copy()
    unit = frame.shape[1] / 240  # a cell of 240 pixels is drawn as designed
    places = [tuple(int(c) for c in np.round(joint * 2**_SHIFT)) for joint in np.clip(pixels, -1e4, 1e4)]
    colors = colors_of(values, full, signed=signed)

    def line(one: int, other: int, color: tuple[int, ...], width: float) -> None:
        if scores[one] > 0 and scores[other] > 0:
            cv2.line(picture, places[one], places[other], color, max(round(width * unit), 1), cv2.LINE_AA, _SHIFT)

    for child, parent in layout.bones:
        line(child, parent, _BONE, 2)
    for one, other, strength in links:
        line(one, other, tuple(colors_of(np.array(strength), 1, signed=False).tolist()), 0.5 + 2 * strength)
    for joint in np.argsort(np.abs(values), kind="stable").tolist():
        if scores[joint] > 0:
            share = min(abs(float(values[joint])) / max(full, 1e-12), 1)
            radius = round((2 + 8 * sqrt(share)) * unit * 2**_SHIFT)
            color = tuple(colors[joint].tolist())
            cv2.circle(picture, places[joint], radius + round(1.2 * unit * 2**_SHIFT), _RIM, -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(picture, places[joint], radius, color, -1, cv2.LINE_AA, _SHIFT)
    return picture


def color_bar(low: str, high: str, *, signed: bool = True, width: int = 124) -> np.ndarray:
    """The colours in order and what their ends mean, on a sheet's paper; uint8 ``[h, w, 3]``."""
    bar = Image.new("RGB", (width, 28), PAPER)
    shares = np.linspace(-1 if signed else 0, 1, width)
    bar.paste(Image.fromarray(np.repeat(colors_of(shares, 1, signed=signed)[None], 9, 0)), (0, 0))
    draw = ImageDraw.Draw(bar)
    draw.text((0, 26), low, SOFT, font(11), anchor="ls")
    draw.text((width, 26), high, SOFT, font(11), anchor="rs")
    return np.asarray(bar)
