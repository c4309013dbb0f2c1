"""Flow clips as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triad.modalities.clips import FlowClip
from triad.modalities.flow.rendering import flow_to_rgb
from triad.modalities.modality import Canvas, Color

STILL = 1.0
"""Smallest speed with a full colour, pixels a frame, so that noise where nothing moves stays pale."""


class FlowPainter:
    """Draws direction as hue and speed as saturation, see :class:`triad.modalities.modality.ClipPainter`.

    Of a stack its first field is drawn, which is on display at that time.

    Args:
        clip: fields that set the speed of a full colour.
        canvas: canvas of the pictures; its scale brings speeds back to pixels of the video.
    """

    def __init__(self, clip: FlowClip, canvas: Canvas) -> None:
        self.canvas = canvas
        self.max_speed = max_speed(clip, scale=canvas.scale)
        self.notes: tuple[str, ...] = ("hue: direction", f"full: {self.max_speed:.1f} px a frame")
        if clip.data.ndim == 5:
            self.notes += (f"first of {clip.data.shape[1]} fields",)
        self.legend_note = f"rim: {self.max_speed:.1f} px a frame"

    def draw(self, clip: FlowClip, frames: np.ndarray | None) -> Sequence[np.ndarray]:
        """Return the colours of each field."""
        return [flow_to_rgb(field / self.canvas.scale, self.max_speed) for field in drawn_fields(clip)]

    def legend(self, size: int) -> np.ndarray | None:
        """Return a wheel of all directions."""
        return direction_wheel(size, background=self.canvas.background)


def drawn_fields(clip: FlowClip) -> np.ndarray:
    """Return the field of each time, of a stack the first: float32 ``[T, H, W, 2]``."""
    return clip.data[:, 0] if clip.data.ndim == 5 else clip.data


def max_speed(clip: FlowClip, *, scale: float) -> float:
    """Return the speed that gets a full colour: nearly the largest of the clip, pixels of the video a frame.

    Args:
        clip: fields on a canvas.
        scale: canvas pixels a pixel of the video.
    """
    speeds = np.linalg.norm(drawn_fields(clip)[clip.valid] / scale, axis=-1)
    return max(float(np.percentile(speeds, 99.5)), STILL) if speeds.size else STILL


def direction_wheel(size: int, *, background: Color) -> np.ndarray:
    """Return the colours of all directions, speed growing outwards; uint8 ``[size, size, 3]``."""
    axis = np.linspace(-1.06, 1.06, size)
    flow = np.stack(np.meshgrid(axis, axis), axis=-1)
    edge = np.clip((1 - np.linalg.norm(flow, axis=-1, keepdims=True)) * size / 2 + 0.5, 0, 1)
    inside = flow_to_rgb(flow / np.maximum(np.linalg.norm(flow, axis=-1, keepdims=True), 1), 1.0)
    return np.round(edge * inside + (1 - edge) * np.array(background)).astype(np.uint8)
