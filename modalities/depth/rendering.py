"""Depth as colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from triad.modalities.depth.clip import DepthClip
from triad.modalities.modality import Canvas, Color

MISSING: Color = (110, 110, 110)
"""Colour of missing depth."""
MIN_RANGE = 0.1
"""Smallest distance between the nearest and the farthest colour, metres, so that noise of a flat scene stays pale."""


class DepthPainter:
    """Draws near as bright and far as dark, see :class:`triad.modalities.modality.ClipPainter`.

    Args:
        clip: depth that sets the range of the colours.
        canvas: ignored, as the clip is on it already.
    """

    def __init__(self, clip: DepthClip, canvas: Canvas) -> None:
        self.near, self.far = depth_range(clip)
        self.legend_note = f"{self.near:.1f} – {self.far:.1f} m"
        self.notes: tuple[str, ...] = ("bright is near", self.legend_note, "grey: missing")

    def draw(self, clip: DepthClip, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return the colours of each picture."""
        return list(depth_to_rgb(clip.data[..., 0], near=self.near, far=self.far))

    def legend(self, size: int) -> np.ndarray | None:
        """Return a bar of the colours, near above far."""
        depths = np.linspace(self.near, self.far, size)[:, None].repeat(max(size // 4, 1), axis=1)
        return depth_to_rgb(depths, near=self.near, far=self.far)


def depth_range(clip: DepthClip) -> tuple[float, float]:
    """Return the nearest and the farthest depth of a clip but for a hundredth each, metres."""
    measured = clip.data[clip.valid]
    measured = measured[measured > 0]
    if not measured.size:
        return 0.0, MIN_RANGE
    near, far = (float(depth) for depth in np.percentile(measured, (1, 99)))
    return near, max(far, near + MIN_RANGE)


def depth_to_rgb(depth: np.ndarray, *, near: float, far: float) -> np.ndarray:
    """Colour depth from bright (near) to dark (far); missing depth is grey.

    Args:
        depth: metres, 0 where missing.
        near: depth of the brightest colour, metres.
        far: depth of the darkest colour, metres.

    Shapes: ``[…, H, W]`` -> uint8 ``[…, H, W, 3]``.
    """
    closeness = ((far - depth) / (far - near)).clip(0, 1)
    levels = np.round(255 * closeness).astype(np.uint8)
    colors = cv2.applyColorMap(levels.reshape(-1, 1), cv2.COLORMAP_VIRIDIS)[:, 0, ::-1].reshape(*depth.shape, 3)
    return np.where((depth > 0)[..., None], colors, np.array(MISSING, np.uint8))
