"""RGB clips as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triad.modalities.clips import RgbClip
from triad.modalities.modality import Canvas


class RgbPainter:
    """Shows frames as they are, see :class:`triad.modalities.modality.painting.ClipPainter`.

    Args:
        clip: ignored, as frames have no scale.
        canvas: ignored, as frames are on it already.
    """

    notes: tuple[str, ...] = ()
    legend_note = ""

    def __init__(self, clip: RgbClip, canvas: Canvas) -> None:
        """Do nothing."""

    def draw(self, clip: RgbClip, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return the frames of the clip."""
        return list(clip.data)

    def legend(self, size: int) -> np.ndarray | None:
        """Return None: frames need no legend."""
        return None
