"""From what a pose network gives to joints, as shares of the crop's width and height."""

from __future__ import annotations

import numpy as np


def decode_heatmaps(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The highest place of each map, moved a quarter of a cell towards the higher neighbour on each axis.

    Newell et al. 2016, Stacked Hourglass Networks for Human Pose Estimation; what networks with heat maps are usually
    decoded by. A joint whose map is nowhere above 0 is lost.

    Shapes: float32 ``[N, V, h, w]`` -> shares ``(x, y)`` float32 ``[N, V, 2]``, the highest value ``[N, V]``.
    """
    people, joints, height, width = maps.shape
    flat = maps.reshape(people, joints, height * width)
    place = flat.argmax(-1)
    scores = np.take_along_axis(flat, place[..., None], -1)[..., 0]
    y, x = np.divmod(place, width)
    n, v = np.ogrid[:people, :joints]
    inner_x, inner_y = np.clip(x, 1, width - 2), np.clip(y, 1, height - 2)
    step_x = np.sign(maps[n, v, y, inner_x + 1] - maps[n, v, y, inner_x - 1]) * ((x > 0) & (x < width - 1))
    step_y = np.sign(maps[n, v, inner_y + 1, x] - maps[n, v, inner_y - 1, x]) * ((y > 0) & (y < height - 1))
    points = np.stack([(x + 0.25 * step_x) / width, (y + 0.25 * step_y) / height], -1)
    return points.astype(np.float32), np.where(scores > 0, scores, 0).astype(np.float32)


def decode_simcc(along_x: np.ndarray, along_y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The highest bin of each axis; the lower of both values is the score.

    Li et al. 2022, SimCC: a Simple Coordinate Classification Perspective for Human Pose Estimation. A joint is lost if
    an axis is nowhere above 0.

    Shapes: float32 ``[N, V, X]``, ``[N, V, Y]`` -> shares ``(x, y)`` float32 ``[N, V, 2]``, scores ``[N, V]``.
    """
    points = np.stack([along.argmax(-1) / along.shape[-1] for along in (along_x, along_y)], -1)
    scores = np.minimum(along_x.max(-1), along_y.max(-1))
    return points.astype(np.float32), np.where(scores > 0, scores, 0).astype(np.float32)
