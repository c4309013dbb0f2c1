"""Things that are held or lie about. Twins share outline and luma and differ in the hue of their surface alone."""

from __future__ import annotations

import numpy as np

from fusion.datasets.minihome.colors import Color, chroma, shade, ycc
from fusion.datasets.minihome.shapes import Shape, band, bar, ellipse

WARM, COOL = 118.0, 322.0  # degrees of chroma: orange red (cup, book) and blue (can, tablet)
SPREAD = 18.0


def surface(rng: np.random.Generator, *, cool: bool) -> tuple[float, float]:
    """Chroma of a twin: ``cool`` chooses the hue family, everything else is drawn alike."""
    hue, strength = rng.uniform(-SPREAD, SPREAD), rng.uniform(50, 62)
    return chroma((COOL if cool else WARM) + hue, strength)


def vessel(start: np.ndarray, end: np.ndarray, scale: float, tint: tuple[float, float], luma: float) -> list[Shape]:
    """A cup or can, from the middle of its base to that of its rim.

    Args:
        start: the middle of the base, pixels ``[T, 2]``.
        end: the middle of the rim, pixels ``[T, 2]``.
        scale: pixels per metre.
        tint: chroma about 0.
        luma: of the surface, 80–150: within it every tint can be shown without clipping.
    """
    half = 0.085 * scale

    def shape(outline: np.ndarray, color: Color) -> Shape:
        return Shape(start, end, outline, color, "prop")

    pale = (0.35 * tint[0], 0.35 * tint[1])
    return [
        shape(band(-0.04, 1.04, half + 1.0, half + 1.0), ycc(luma - 45, tint)),
        shape(band(0.0, 1.0, half, half), ycc(luma, tint)),
        shape(band(0.0, 1.0, half * 0.3, half * 0.3, shift=half * 0.35), ycc(luma + 22, tint)),
        shape(band(0.36, 0.62, half, half), ycc(luma + 45, pale)),
        shape(band(0.90, 1.04, half + 0.6, half + 0.6), ycc(luma + 60, pale)),
    ]


def board(start: np.ndarray, end: np.ndarray, half: float, tint: tuple[float, float], luma: float) -> list[Shape]:
    """A book or tablet seen from its back, from the lower to the upper edge; ``half`` its half width in pixels."""

    def shape(outline: np.ndarray, color: Color) -> Shape:
        return Shape(start, end, outline, color, "prop")

    pale = (0.35 * tint[0], 0.35 * tint[1])
    return [
        shape(band(-0.04, 1.04, half + 1.0, half + 1.0), ycc(luma - 48, tint)),
        shape(band(0.0, 1.0, half, half), ycc(luma, tint)),
        shape(band(0.08, 0.92, half * 0.12, half * 0.12, shift=-half * 0.8), ycc(luma - 25, tint)),
        shape(band(0.55, 0.78, half * 0.5, half * 0.5, shift=half * 0.1), ycc(luma + 50, pale)),
        shape(band(0.20, 0.28, half * 0.35, half * 0.35, shift=half * 0.1), ycc(luma + 30, pale)),
    ]


def hat(start: np.ndarray, end: np.ndarray, scale: float, color: Color) -> list[Shape]:
    """A hat with a brim, from the middle of the brim upwards."""
    crown = np.array([[0.0, 0.0, -0.1], [0.0, 0.0, 0.1], [0.75, 0.0, 0.092], [1.0, 0.0, 0.06], [1.0, 0.0, -0.06]])
    crown = np.concatenate([crown, [[0.75, 0.0, -0.092]]]) * [1.0, 1.0, scale]
    parts = [
        (crown, color),
        (band(0.12, 0.36, 0.1 * scale, 0.097 * scale), shade(color, 0.45)),
        (ellipse(0.036 * scale, 0.175 * scale), shade(color, 0.72)),
        (ellipse(0.024 * scale, 0.165 * scale, e=0.012 * scale), shade(color, 1.12)),
    ]
    return [Shape(start, end, outline, tint, "prop") for outline, tint in parts]


def spoon(start: np.ndarray, end: np.ndarray, scale: float) -> list[Shape]:
    """A wooden spoon, from the hand to the bowl."""
    reversed_bowl = ellipse(0.045 * scale, 0.04 * scale)
    return [
        Shape(start, end, band(-0.15, 1.0, 0.019 * scale, 0.019 * scale), (120, 80, 44), "spoon"),
        Shape(start, end, band(-0.15, 1.0, 0.010 * scale, 0.010 * scale), (226, 182, 124), "spoon"),
        Shape(end, start, reversed_bowl, (206, 160, 100), "spoon"),
    ]


def plant(start: np.ndarray, end: np.ndarray, scale: float, green: Color) -> list[Shape]:
    """A potted plant that stands about."""
    leaves = [
        ellipse(0.20 * scale, 0.05 * scale, e=0.30 * scale, n=shift * scale) for shift in (-0.12, -0.05, 0.02, 0.1)
    ]
    shapes = [Shape(start, end, leaf, shade(green, 0.75 + 0.15 * number), "room") for number, leaf in enumerate(leaves)]
    return [*shapes, Shape(start, end, bar((0.0, 0.2 * scale), (-0.1 * scale, 0.1 * scale)), (150, 92, 66), "room")]
