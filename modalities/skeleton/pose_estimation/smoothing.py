"""Joints without the jitter of estimation."""

from __future__ import annotations

import numpy as np

from modalities.checks import fail

ORDER = 2


def smooth(points: np.ndarray, seen: np.ndarray, window: int) -> np.ndarray:
    """Savitzky and Golay 1964: at each time the value of the parabola that fits ``window`` times around it best.

    Where a joint is lost, the straight line between those times at which it is seen stands in: what an estimator says
    of it there must not move its neighbours.

    Shapes: float32 ``[T, V, 2]``, bool ``[T, V]`` -> float32 ``[T, V, 2]``; a span of fewer times than the window is
    left as it is.

    Raises:
        InputError: if ``window`` is even or below 5.
    """
    if window < 5 or window % 2 == 0:
        fail("frames of smoothing", "be odd and 5 or more", window)
    if len(points) < window:
        return points
    from scipy.signal import savgol_filter  # takes a second, and every command would

    return savgol_filter(_bridged(points, seen), window, ORDER, axis=0, mode="interp").astype(np.float32)


def _bridged(points: np.ndarray, seen: np.ndarray) -> np.ndarray:
    times, whole = np.arange(len(points)), points.copy()
    for joint in np.flatnonzero(~seen.all(0) & seen.any(0)):
        known = seen[:, joint]
        for axis in (0, 1):
            whole[~known, joint, axis] = np.interp(times[~known], times[known], points[known, joint, axis])
    return whole
