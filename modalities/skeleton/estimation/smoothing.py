"""Joints without the jitter of estimation."""

from __future__ import annotations

import numpy as np
from scipy.signal import savgol_filter

from modalities.checks import fail

ORDER = 2


def smooth(points: np.ndarray, window: int) -> np.ndarray:
    """Savitzky and Golay 1964: at each time the value of the parabola that fits ``window`` times around it best.

    Shapes: float32 ``[T, V, 2]`` -> the same; a span of fewer times than the window is left as it is.

    Raises:
        InputError: if ``window`` is even or below 5.
    """
    if window < 5 or window % 2 == 0:
        fail("frames of smoothing", "be odd and 5 or more", window)
    if len(points) < window:
        return points
    return savgol_filter(points, window, ORDER, axis=0, mode="interp").astype(np.float32)
