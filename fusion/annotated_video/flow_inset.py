"""Inset of the annotated video with the latest flow field in colours."""

from __future__ import annotations

import numpy as np

from triad.fusion.annotated_video.frame_layout import INSET_HW, fit_inset
from triad.modalities.flow import flow_to_rgb
from triad.modalities.flow.painter import STILL
from triad.modalities.letterbox import letterbox_geometry, resize

SPEED_DECAY = 0.9
"""Factor from field to field by which the speed of full colour may fall."""


class FlowInset:
    """Draws flow fields on a scale of speed that follows the video.

    Attributes:
        picture: latest field in colours, uint8 ``[*INSET_HW, 3]``; None before the first.
    """

    def __init__(self) -> None:
        self.picture: np.ndarray | None = None
        self._max_speed = STILL

    def update(self, field: np.ndarray) -> None:
        """Draw a flow field, float32 ``[H, W, 2]``, pixels of the video per frame."""
        speeds = np.linalg.norm(field[::4, ::4], axis=-1)
        self._max_speed = max(float(np.percentile(speeds, 99.5)), STILL, SPEED_DECAY * self._max_speed)
        scale = letterbox_geometry((field.shape[0], field.shape[1]), INSET_HW)[0]
        size = (max(round(field.shape[0] * scale), 1), max(round(field.shape[1] * scale), 1))
        self.picture = fit_inset(flow_to_rgb(resize(field, size), self._max_speed))
