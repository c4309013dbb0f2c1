"""Histograms of gradients (HOG), flow (HOF) and motion boundaries (MBH) along trajectories."""

from __future__ import annotations

import cv2
import numpy as np

from triad.modalities.trajectories.tracking import Trajectories, track_points

CELL = 16
"""Side of a spatial cell, pixels: 2 × 2 of them surround a point."""
TEMPORAL_CELLS = 3
"""Parts in time of a trajectory."""
BINS = 8
"""Orientations of a histogram; HOF has one more bin, for pixels that stand still."""
MIN_FLOW = 0.4
"""Displacement in pixels below which a pixel stands still."""
DESCRIPTORS = ("trajectory", "hog", "hof", "mbhx", "mbhy")


def describe_clip(
    frames: np.ndarray, fields: np.ndarray, *, length: int = 15, step: int = 5
) -> tuple[Trajectories, dict[str, np.ndarray]]:
    """Return the trajectories of a clip and their descriptors.

    ``trajectory`` are the displacements over their total length. Each histogram is summed in 2 × 2 cells of 16 pixels
    and three thirds of the trajectory, divided by its sum, and its root is taken (Arandjelović & Zisserman 2012, Three
    Things Everyone Should Know to Improve Object Retrieval).

    Args:
        frames: grey frames, uint8 ``[N, H, W]``.
        fields: flow from each frame to the next in pixels, float32 ``[N − 1, H, W, 2]``.
        length: number of displacements of a trajectory, L.
        step: distance of new points, pixels.

    Shapes: K trajectories; ``trajectory`` float32 ``[K, 2·L]``, ``hog``, ``mbhx``, ``mbhy`` ``[K, 96]``, ``hof``
    ``[K, 108]``.

    Raises:
        InputError: If the shapes do not fit.
    """
    trajectories = track_points(frames, fields, length=length, step=step)
    points, starts = trajectories
    displacements = np.diff(points, axis=1)  # [K, L, 2]
    length = displacements.shape[1]
    total = np.linalg.norm(displacements, axis=2).sum(1)[:, None, None]
    descriptors = {"trajectory": (displacements / total).reshape(len(points), 2 * length)}
    sums = {
        name: np.zeros((len(points), TEMPORAL_CELLS, 4, bins), np.float32)
        for name, bins in (("hog", BINS), ("hof", BINS + 1), ("mbhx", BINS), ("mbhy", BINS))
    }
    for number in range(len(fields)):
        rows = np.nonzero((starts <= number) & (number < starts + length))[0]
        if len(rows) == 0:
            continue
        age = number - starts[rows]
        positions = points[rows, age]
        for name, histogram in _histograms(frames[number], fields[number]).items():
            sums[name][rows, age * TEMPORAL_CELLS // length] += _cell_sums(histogram, positions)
    for name, values in sums.items():
        flat = values.reshape(len(points), TEMPORAL_CELLS * 4 * values.shape[-1])
        descriptors[name] = np.sqrt(flat / np.maximum(flat.sum(1, keepdims=True), 1e-6))
    return trajectories, descriptors


def _histograms(frame: np.ndarray, field: np.ndarray) -> dict[str, np.ndarray]:
    """Return per-pixel histograms ``[H, W, bins]`` of one frame and its flow."""
    u, v = np.ascontiguousarray(field[..., 0]), np.ascontiguousarray(field[..., 1])
    speed = np.hypot(u, v)
    still = speed < MIN_FLOW
    hof = orientation_histogram(u, v)
    hof[still] = 0
    return {
        "hog": orientation_histogram(*_gradients(frame.astype(np.float32))),
        "hof": np.concatenate([hof, still[..., None].astype(np.float32)], axis=2),
        "mbhx": orientation_histogram(*_gradients(u)),
        "mbhy": orientation_histogram(*_gradients(v)),
    }


def orientation_histogram(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the magnitude of each vector, divided between the two nearest of eight directions.

    Bin b stands for the direction b · 45°, counted from x towards y.

    Shapes: float ``[H, W]`` twice -> float32 ``[H, W, 8]``.
    """
    magnitude = np.hypot(x, y)
    angle = np.arctan2(y, x) % (2 * np.pi)
    position = angle * (BINS / (2 * np.pi))
    lower = np.floor(position)
    share = position - lower
    first = lower.astype(int) % BINS
    histogram = np.zeros((*x.shape, BINS), np.float32)
    rows, columns = np.ogrid[: x.shape[0], : x.shape[1]]
    histogram[rows, columns, first] = magnitude * (1 - share)
    histogram[rows, columns, (first + 1) % BINS] += magnitude * share
    return histogram


def _gradients(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return central differences along x and y, ``[H, W]`` each."""
    difference = np.array([-0.5, 0, 0.5], np.float32)
    identity = np.ones(1, np.float32)
    along_x: np.ndarray = cv2.sepFilter2D(image, -1, difference, identity)
    along_y: np.ndarray = cv2.sepFilter2D(image, -1, identity, difference)
    return along_x, along_y


def _cell_sums(histogram: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return the sums over the four cells around each point; cells outside repeat the border.

    Shapes: ``[H, W, bins]``, ``[P, 2]`` -> ``[P, 4, bins]``.
    """
    height, width, bins = histogram.shape
    cells = np.maximum(cv2.boxFilter(histogram, -1, (CELL, CELL), normalize=False), 0)  # running sums may leave −1e-6
    index = np.rint(positions).astype(int)
    corners = []
    for dy in (-CELL // 2, CELL // 2):
        for dx in (-CELL // 2, CELL // 2):
            rows = (index[:, 1] + dy).clip(0, height - 1)
            columns = (index[:, 0] + dx).clip(0, width - 1)
            corners.append(cells[rows, columns])
    return np.stack(corners, axis=1).reshape(len(positions), 4, bins)
