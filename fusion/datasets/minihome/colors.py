"""Colours by luma and chroma (ITU-R BT.601), because a flow estimator on grey images sees luma alone."""

from __future__ import annotations

import numpy as np

Color = tuple[int, int, int]
"""R, G, B in 0–255."""


def chroma(hue: float, strength: float) -> tuple[float, float]:
    """Return ``(Cb, Cr)`` about 0, from an angle in degrees (0 bluish, 90 reddish, 225 greenish) and a radius."""
    angle = np.deg2rad(hue)
    return float(strength * np.cos(angle)), float(strength * np.sin(angle))


def ycc_to_rgb(luma: float, cb_cr: tuple[float, float]) -> Color:
    """Return the colour of a luma (0–255) and a chroma (about 0), clipped to 0–255."""
    cb, cr = cb_cr
    rgb = (luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb)
    return to_color(np.array(rgb))


def to_color(values: np.ndarray) -> Color:
    """Return three numbers, rounded and clipped, as a colour."""
    red, green, blue = np.clip(np.rint(values), 0, 255).astype(int).tolist()
    return red, green, blue


def mix(first: Color, second: Color, share: float) -> Color:
    """Return a mixture of two colours with a ``share`` (0 to 1) of the second."""
    return to_color((1 - share) * np.array(first) + share * np.array(second))


def shade(color: Color, factor: float) -> Color:
    """Return a darker (factor below 1) or lighter (above 1) colour."""
    return to_color(factor * np.array(color))
