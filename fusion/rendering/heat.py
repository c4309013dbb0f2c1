"""Heat of weights over places, drawn on pictures."""

from __future__ import annotations

import cv2
import numpy as np

from triad.fusion.rendering.relevance import BAR_WIDTH, label_bar
from triad.modalities.augmentation import SpatialAugmentation

MIN_RANGE = 0.04
"""Range of weights, as a fraction of the largest, below which differences between places are taken for noise."""


def relative_weights(weights: np.ndarray) -> np.ndarray:
    """Return weights between their least, 0, and their largest, 1; one half everywhere where they hardly differ."""
    low = float(weights.min())
    high = float(weights.max())
    if high - low <= MIN_RANGE * max(abs(high), abs(low)):
        return np.full(weights.shape, 0.5, np.float32)
    return ((weights - low) / (high - low)).astype(np.float32)


def overlay_heat(frame: np.ndarray, relative: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """Return the frame in grey with heat where weights are high.

    Args:
        frame: uint8 ``[H, W, 3]``.
        relative: weight of each place between the least and the largest, 0–1, ``[h, w]``.
        strength: opacity of the heat, 0–1.

    Shapes: uint8 ``[H, W, 3]``.
    """
    height, width = frame.shape[:2]
    smooth = cv2.resize(relative.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    heat = heat_colors(smooth)
    opacity = (0.75 * strength * smooth)[..., None]  # [H, W, 1]
    grey = frame.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    return ((1 - opacity) * (0.75 * grey + 40) + opacity * heat).clip(0, 255).astype(np.uint8)


def heat_colors(relative: np.ndarray) -> np.ndarray:
    """Return the colours of weights of 0–1. Shapes: ``[h, w]`` -> uint8 ``[h, w, 3]``."""
    return cv2.applyColorMap((255 * relative).astype(np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]


def heat_bar(low: str, high: str) -> np.ndarray:
    """Return a bar of the colours in order with labels of its ends, uint8 ``[h, w, 3]``."""
    return label_bar(heat_colors(np.linspace(0, 1, BAR_WIDTH)[None])[0], low, high)


def cut_box(picture: np.ndarray, view: SpatialAugmentation) -> np.ndarray:
    """Return the part of a picture in the box of a view, to whole pixels. Shapes: ``[H, W, 3]`` -> ``[h, w, 3]``."""
    height, width = picture.shape[:2]
    top, bottom = (round(edge * height) for edge in (view.y, view.y + view.height))
    left, right = (round(edge * width) for edge in (view.x, view.x + view.width))
    return picture[top:bottom, left:right]
