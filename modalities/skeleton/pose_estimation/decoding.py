"""Decoding of a pose network's output into joints, as fractions of the crop's width and height."""

from __future__ import annotations

import numpy as np


def decode_heatmaps(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the highest cell of each heat map, moved a quarter of a cell towards the higher neighbour on each axis.

    Newell et al. 2016, Stacked Hourglass Networks for Human Pose Estimation; the usual decoding of heat maps. A joint
    whose map is nowhere above 0 is missing.

    Args:
        maps: one heat map a joint.

    Shapes: float32 ``[N, V, h, w]`` -> fractions ``(x, y)`` float32 ``[N, V, 2]``, scores ``[N, V]``.
    """
    persons, joints, height, width = maps.shape
    flat = maps.reshape(persons, joints, height * width)
    peak = flat.argmax(-1)
    scores = np.take_along_axis(flat, peak[..., None], -1)[..., 0]
    y, x = np.divmod(peak, width)
    n, v = np.ogrid[:persons, :joints]
    inner_x = np.clip(x, 1, width - 2)
    inner_y = np.clip(y, 1, height - 2)
    step_x = np.sign(maps[n, v, y, inner_x + 1] - maps[n, v, y, inner_x - 1]) * ((x > 0) & (x < width - 1))
    step_y = np.sign(maps[n, v, inner_y + 1, x] - maps[n, v, inner_y - 1, x]) * ((y > 0) & (y < height - 1))
    points = np.stack([(x + 0.25 * step_x) / width, (y + 0.25 * step_y) / height], -1)
    return points.astype(np.float32), np.where(scores > 0, scores, 0).astype(np.float32)


def decode_simcc(x_bins: np.ndarray, y_bins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the highest bin of each axis, and the lower of both values as score.

    Li et al. 2022, SimCC: a Simple Coordinate Classification Perspective for Human Pose Estimation. A joint is missing
    if an axis is nowhere above 0.

    Args:
        x_bins: values of the bins along the width.
        y_bins: values of the bins along the height.

    Shapes: float32 ``[N, V, X]``, ``[N, V, Y]`` -> fractions ``(x, y)`` float32 ``[N, V, 2]``, scores ``[N, V]``.
    """
    points = np.stack([bins.argmax(-1) / bins.shape[-1] for bins in (x_bins, y_bins)], -1)
    scores = np.minimum(x_bins.max(-1), y_bins.max(-1))
    return points.astype(np.float32), np.where(scores > 0, scores, 0).astype(np.float32)


def decode_coordinates(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return joints of a network that gives ``(y, x, score)`` of each, as MoveNet does (Google 2021).

    Args:
        rows: fractions of the crop's height and width, and confidence, 0–1, of each joint.

    Shapes: float32 ``[N, 1, V, 3]`` -> fractions ``(x, y)`` float32 ``[N, V, 2]``, scores ``[N, V]``.
    """
    joints = rows[:, 0]
    points = np.ascontiguousarray(joints[..., 1::-1], np.float32)
    return points, np.maximum(joints[..., 2], 0).astype(np.float32)
