"""Colours by luma and chroma (ITU-R BT.601), because what a grey-scale flow estimator sees is luma alone."""

from __future__ import annotations

import numpy as np

Color = tuple[int, int, int]
"""R, G, B in 0–255."""


def chroma(hue: float, strength: float) -> tuple[float, float]:
    """``(Cb, Cr)`` about 0, from an angle in degrees (0 bluish, 90 reddish, 225 greenish) and a radius in levels."""
    angle = np.deg2rad(hue)
    return float(strength * np.cos(angle)), float(strength * np.sin(angle))


def ycc(luma: float, cb_cr: tuple[float, float]) -> Color:
    """The colour of that luma (0–255) and chroma (about 0), clipped to what a screen shows."""
    cb, cr = cb_cr
    rgb = (luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb)
    return to_color(np.array(rgb))


def to_color(values: np.ndarray) -> Color:
    """Round and clip three numbers to a colour."""
    red, green, blue = np.clip(np.rint(values), 0, 255).astype(int).tolist()
    return red, green, blue


def mix(first: Color, second: Color, share: float) -> Color:
    """``share`` of the second in the first."""
    return to_color((1 - share) * np.array(first) + share * np.array(second))


def shade(color: Color, factor: float) -> Color:
    """Darker (below 1) or lighter (above 1)."""
    return to_color(factor * np.array(color))
