"""Clips as pictures: plain arrays and captions, which sheets and videos put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Color = tuple[int, int, int]
"""Red, green and blue, 0–255."""


@dataclass(frozen=True)
class Canvas:
    """Size and background of the pictures of one record.

    Args:
        frame_size: height and width of a picture, pixels.
        scale: pixels of a picture for a pixel of the video.
        background: colour around the pictures.
    """

    frame_size: tuple[int, int]
    scale: float = 1.0
    background: Color = (255, 255, 255)


class ClipPainter(Protocol):
    """Draws clips of one stream, all with the same colours and scale.

    Attributes:
        notes: short lines that explain the pictures.
        legend_note: words beside the legend in a video; empty without one.
    """

    notes: tuple[str, ...]
    legend_note: str

    def draw(self, clip: Any, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Draw one picture per time of the clip.

        Args:
            clip: clip of the stream, read onto the canvas.
            frames: video frames at the same times on the same canvas, which may lie behind; None if there are none.

        Shapes: ``frames`` uint8 ``[T, H, W, 3]`` -> T pictures, uint8 ``[H, W, 3]``.
        """
        ...

    def legend(self, size: int) -> np.ndarray | None:
        """Return the meaning of the colours as a picture ``size`` pixels high, uint8 ``[h, w, 3]``, or None."""
        ...
