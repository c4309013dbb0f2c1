"""Rows of a contact sheet from clips."""

from __future__ import annotations

from typing import Any

import numpy as np

from triad.fusion.rendering.contact_sheet import ImageRow
from triad.modalities.modality import Canvas, Color, get_modality, modality_of_stream

LEGEND_HEIGHT = 56  # pixels


def clip_row(name: str, clip: Any, *, canvas: Canvas, frames: np.ndarray | None = None) -> ImageRow:
    """Return a row with one picture per time of a clip.

    Args:
        name: name of the stream.
        clip: clip of any modality on the canvas, which also sets the scale of its colours.
        canvas: canvas of the pictures.
        frames: video frames at the same times on the same canvas, uint8 ``[T, H, W, 3]``; None if there are none.
    """
    modality = get_modality(clip.modality)
    painter = modality.painter(clip, canvas)
    cells = painter.draw(clip, frames)
    return ImageRow(name, cells, modality.color, painter.notes, clip.valid, painter.legend(LEGEND_HEIGHT))


def color_of_stream(stream: str) -> Color:
    """Return the colour of a stream by its name; that of joints where the name has no modality, as ``bone_motion``."""
    return (modality_of_stream(stream) or get_modality("skeleton")).color
