"""Features as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from triad.modalities.features.clip import FeatureClip
from triad.modalities.modality import Canvas


class FeaturePainter:
    """Draws each vector as a grid of grey squares, see :class:`triad.modalities.modality.ClipPainter`.

    Args:
        clip: clip whose smallest and largest value are white and black.
        canvas: canvas of the pictures.
    """

    legend_note = ""

    def __init__(self, clip: FeatureClip, canvas: Canvas) -> None:
        self.frame_size = canvas.frame_size
        self.low = float(clip.data.min(initial=0.0))
        self.high = max(float(clip.data.max(initial=0.0)), self.low + 1e-6)
        self.notes: tuple[str, ...] = (f"features, {clip.data.shape[1]} a time",)

    def draw(self, clip: FeatureClip, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return a picture a time; frames are not shown."""
        return [self._draw_vector(vector) for vector in clip.data]

    def _draw_vector(self, vector: np.ndarray) -> np.ndarray:
        height, width = self.frame_size
        columns = max(round(np.sqrt(len(vector) * width / height)), 1)
        rows = -(-len(vector) // columns)
        brightness = np.ones(rows * columns)
        brightness[: len(vector)] = 1 - (vector - self.low) / (self.high - self.low)
        grey = (255 * brightness.clip(0, 1)).astype(np.uint8).reshape(rows, columns)
        picture = cv2.resize(grey, (width, height), interpolation=cv2.INTER_NEAREST)
        return np.repeat(picture[..., None], 3, axis=2)

    def legend(self, size: int) -> np.ndarray | None:
        """Return None: the note says it."""
        return None
