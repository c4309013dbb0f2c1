"""Objects that are held or stand in the room. Twins share outline and luma and differ in the hue of their surface."""

from __future__ import annotations

import numpy as np

from triad.fusion.datasets.minihome.colors import Color, chroma, shade, ycc_to_rgb
from triad.fusion.datasets.minihome.shapes import Shape, band, bar, ellipse

WARM_HUE = 118.0  # degrees of chroma: orange red (cup, book)
COOL_HUE = 322.0  # blue (can, tablet)
HUE_SPREAD = 18.0


def random_surface(rng: np.random.Generator, *, cool: bool) -> tuple[float, float]:
    """Return the random chroma of a twin; ``cool`` chooses the hue family, all else is drawn alike."""
    hue = rng.uniform(-HUE_SPREAD, HUE_SPREAD)
    strength = rng.uniform(50, 62)
    return chroma((COOL_HUE if cool else WARM_HUE) + hue, strength)


def vessel(start: np.ndarray, end: np.ndarray, scale: float, tint: tuple[float, float], luma: float) -> list[Shape]:
    """Return the shapes of a cup or can.

    Args:
        start: middle of the base in pixels, ``[T, 2]``.
        end: middle of the rim in pixels, ``[T, 2]``.
        scale: pixels per metre.
        tint: chroma about 0.
        luma: luma of the surface, 80–150, in which range every tint is shown without clipping.
    """
    half = 0.085 * scale
    pale = (0.35 * tint[0], 0.35 * tint[1])
    layers = [
        (band(-0.04, 1.04, half + 1.0, half + 1.0), ycc_to_rgb(luma - 45, tint)),
        (band(0.0, 1.0, half, half), ycc_to_rgb(luma, tint)),
        (band(0.0, 1.0, half * 0.3, half * 0.3, shift=half * 0.35), ycc_to_rgb(luma + 22, tint)),
        (band(0.36, 0.62, half, half), ycc_to_rgb(luma + 45, pale)),
        (band(0.90, 1.04, half + 0.6, half + 0.6), ycc_to_rgb(luma + 60, pale)),
    ]
    return [Shape(start, end, outline, color, "prop") for outline, color in layers]


def board(start: np.ndarray, end: np.ndarray, half: float, tint: tuple[float, float], luma: float) -> list[Shape]:
    """Return the shapes of a book or tablet from behind.

    Args:
        start: middle of the lower edge in pixels, ``[T, 2]``.
        end: middle of the upper edge in pixels, ``[T, 2]``.
        half: half of the width in pixels.
        tint: chroma about 0.
        luma: luma of the surface.
    """
    pale = (0.35 * tint[0], 0.35 * tint[1])
    layers = [
        (band(-0.04, 1.04, half + 1.0, half + 1.0), ycc_to_rgb(luma - 48, tint)),
        (band(0.0, 1.0, half, half), ycc_to_rgb(luma, tint)),
        (band(0.08, 0.92, half * 0.12, half * 0.12, shift=-half * 0.8), ycc_to_rgb(luma - 25, tint)),
        (band(0.55, 0.78, half * 0.5, half * 0.5, shift=half * 0.1), ycc_to_rgb(luma + 50, pale)),
        (band(0.20, 0.28, half * 0.35, half * 0.35, shift=half * 0.1), ycc_to_rgb(luma + 30, pale)),
    ]
    return [Shape(start, end, outline, color, "prop") for outline, color in layers]


def hat(start: np.ndarray, end: np.ndarray, scale: float, color: Color) -> list[Shape]:
    """Return the shapes of a hat with a brim.

    Args:
        start: middle of the brim in pixels, ``[T, 2]``.
        end: top in pixels, ``[T, 2]``.
        scale: pixels per metre.
        color: colour of the crown.
    """
    crown = np.array([[0.0, 0.0, -0.1], [0.0, 0.0, 0.1], [0.75, 0.0, 0.092], [1.0, 0.0, 0.06], [1.0, 0.0, -0.06]])
    crown = np.concatenate([crown, [[0.75, 0.0, -0.092]]]) * [1.0, 1.0, scale]
    layers = [
        (crown, color),
        (band(0.12, 0.36, 0.1 * scale, 0.097 * scale), shade(color, 0.45)),
        (ellipse(0.036 * scale, 0.175 * scale), shade(color, 0.72)),
        (ellipse(0.024 * scale, 0.165 * scale, e=0.012 * scale), shade(color, 1.12)),
    ]
    return [Shape(start, end, outline, tint, "prop") for outline, tint in layers]


def spoon(start: np.ndarray, end: np.ndarray, scale: float) -> list[Shape]:
    """Return the shapes of a wooden spoon from the hand (``start``) to the bowl (``end``), pixels ``[T, 2]``."""
    bowl = ellipse(0.045 * scale, 0.04 * scale)
    return [
        Shape(start, end, band(-0.15, 1.0, 0.019 * scale, 0.019 * scale), (120, 80, 44), "spoon"),
        Shape(start, end, band(-0.15, 1.0, 0.010 * scale, 0.010 * scale), (226, 182, 124), "spoon"),
        Shape(end, start, bowl, (206, 160, 100), "spoon"),
    ]


def plant(start: np.ndarray, end: np.ndarray, scale: float, green: Color) -> list[Shape]:
    """Return the shapes of a potted plant that stands upright from ``start`` to ``end``, pixels ``[T, 2]``."""
    leaves = [
        ellipse(0.20 * scale, 0.05 * scale, e=0.30 * scale, n=shift * scale) for shift in (-0.12, -0.05, 0.02, 0.1)
    ]
    shapes = [Shape(start, end, leaf, shade(green, 0.75 + 0.15 * number), "room") for number, leaf in enumerate(leaves)]
    return [*shapes, Shape(start, end, bar((0.0, 0.2 * scale), (-0.1 * scale, 0.1 * scale)), (150, 92, 66), "room")]
