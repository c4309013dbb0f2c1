"""Small poses whose joint values count up."""

from __future__ import annotations

import numpy as np

from triad.modalities.skeleton import Poses


def count_poses(first: float, *, persons: int = 1, num: int = 3, pixels: float | None = None) -> Poses:
    """Return poses of layout ``florence15`` whose values count up from ``first``; all pixels are ``pixels``."""
    shape = (persons, num, 15)
    keypoints = first + np.arange(np.prod(shape) * 3, dtype=np.float32).reshape(*shape, 3)
    image = None if pixels is None else np.full((*shape, 2), pixels, np.float32)
    return Poses(keypoints, np.full(shape, 0.5, np.float32), "florence15", image)
