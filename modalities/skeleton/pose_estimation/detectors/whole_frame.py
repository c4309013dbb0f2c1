"""Detector that returns the whole frame, for videos that are cut to one person."""

from __future__ import annotations

from typing import Any

import numpy as np

from triad.modalities.detection import Detections


class WholeFrame:
    """Detects one person of score 1 in every frame, with the frame as box."""

    @property
    def provenance(self) -> dict[str, Any]:
        return {"detector": "whole_frame"}

    def __call__(self, frames: np.ndarray) -> list[Detections]:
        height, width = frames.shape[1:3]
        return [Detections(np.array([[0, 0, width, height]], np.float32), np.ones(1, np.float32)) for _ in frames]
