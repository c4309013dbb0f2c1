"""Smoothing of estimated joints over time."""

from __future__ import annotations

import numpy as np

from triad.modalities.checks import fail

ORDER = 2


def smooth_joints(points: np.ndarray, visible: np.ndarray, window: int) -> np.ndarray:
    """Return the value, at each time, of the parabola that fits the ``window`` times around it best.

    Savitzky and Golay 1964, Smoothing and Differentiation of Data by Simplified Least Squares Procedures. Where a joint
    is missing, linear interpolation between the times at which it is visible stands in, so that the estimator's values
    there do not move its neighbours.

    Args:
        points: pixels of a person's joints.
        visible: True where a joint is visible.
        window: length of the window in frames, odd.

    Shapes: float32 ``[T, V, 2]``, bool ``[T, V]`` -> float32 ``[T, V, 2]``; fewer times than the window are returned
    unchanged.

    Raises:
        InputError: If ``window`` is even or below 5.
    """
    if window < 5 or window % 2 == 0:
        fail("frames of smoothing", "be odd and 5 or more", window)
    if len(points) < window:
        return points
    from scipy.signal import savgol_filter  # takes a second, and every command would wait for it

    return savgol_filter(_interpolate(points, visible), window, ORDER, axis=0, mode="interp").astype(np.float32)


def _interpolate(points: np.ndarray, visible: np.ndarray) -> np.ndarray:
    times = np.arange(len(points))
    filled = points.copy()
    for joint in np.flatnonzero(~visible.all(0) & visible.any(0)):
        valid = visible[:, joint]
        for axis in (0, 1):
            filled[~valid, joint, axis] = np.interp(times[~valid], times[valid], points[valid, joint, axis])
    return filled
