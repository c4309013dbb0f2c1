"""One person who fills the frame: for videos that are cut to a person, and to do without a detector."""

from __future__ import annotations

from typing import Any

import numpy as np

from modalities.skeleton.pose_estimation.interfaces import Detections


class WholeFrame:
    """A box around each frame, of score 1."""

    @property
    def provenance(self) -> dict[str, Any]:
        return {"detector": "whole_frame"}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        height, width = frames.shape[1:3]
        return [Detections(np.array([[0, 0, width, height]], np.float32), np.ones(1, np.float32)) for _ in frames]
