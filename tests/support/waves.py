"""Smooth synthetic flow."""

from __future__ import annotations

import numpy as np


def make_waves(num_fields: int, height: int = 36, width: int = 46) -> np.ndarray:
    """Make flow fields float32 ``[T, H, W, 2]`` of sine waves that move by a fraction of a pixel a field."""
    y, x = np.mgrid[:height, :width] / 9
    fields = [3 * np.sin(np.stack([x + 0.2 * time, y - 0.1 * time], -1)) for time in range(num_fields)]
    return np.array(fields, np.float32)
