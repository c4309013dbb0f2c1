"""Results of detectors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Detections(NamedTuple):
    """The boxes of the persons of one frame.

    Attributes:
        boxes: float32 ``[N, 4]``, pixels ``(x1, y1, x2, y2)``, by descending score.
        scores: float32 ``[N]``, 0–1.
    """

    boxes: np.ndarray
    scores: np.ndarray


class ObjectDetections(NamedTuple):
    """The boxes of the objects of one frame.

    Attributes:
        boxes: float32 ``[N, 4]``, pixels ``(x1, y1, x2, y2)``, by descending score.
        labels: int64 ``[N]``, numbers of their classes.
        scores: float32 ``[N]``, 0–1.
    """

    boxes: np.ndarray
    labels: np.ndarray
    scores: np.ndarray
