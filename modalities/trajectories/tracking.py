"""Points on a dense grid, tracked through median-filtered optical flow."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from triad.modalities.checks import check_shape, fail

QUALITY = 1e-3
"""Share of the largest corner strength in a frame below which a point is too uniform to be tracked."""
MIN_STD = 3**0.5
"""Standard deviation of the positions, pixels, below which a trajectory stands still."""
MAX_JUMP = 0.7
"""Share of a trajectory's length that one displacement may have."""
MEDIAN_SIZE = 5
"""Side of the median filter of the flow, pixels: the largest that OpenCV has for floats."""


class Trajectories(NamedTuple):
    """Tracks of one clip.

    Shapes: ``points`` float32 ``[K, L + 1, 2]``, ``(x, y)`` pixels; ``starts`` int ``[K]``, number of the first frame.
    """

    points: np.ndarray
    starts: np.ndarray


def track_points(frames: np.ndarray, fields: np.ndarray, *, length: int = 15, step: int = 5) -> Trajectories:
    """Return the trajectories of ``length`` displacements in a clip; of a shorter clip, those of all its fields.

    In every frame a point begins in each cell of the grid that no track passes, unless the cell is uniform. Tracks that
    stand still, jump or leave the frame are left out.

    Args:
        frames: grey frames.
        fields: flow from each frame to the next, pixels.
        length: number of displacements of a trajectory, L.
        step: side of a cell of the grid, pixels.

    Shapes: uint8 ``[N, H, W]``, float32 ``[N − 1, H, W, 2]``.

    Raises:
        InputError: If the shapes do not fit, or ``length`` or ``step`` is below 1.
    """
    sizes = check_shape("grey frames", frames, ["N", "H", "W"])
    check_shape("flow of the frames", fields, [sizes["N"] - 1, sizes["H"], sizes["W"], 2])
    if length < 1 or step < 1:
        fail("trajectories", "have a positive length and step", f"{length=}, {step=}")
    length = min(length, len(fields))
    ages = np.zeros(0, np.int64)
    finished: list[np.ndarray] = []
    starts: list[np.ndarray] = []
    active = np.zeros((0, length + 1, 2), np.float32)  # points of the tracks that go on, zeros after their age
    for number in range(len(fields)):
        current = active[np.arange(len(active)), ages]
        new = _new_points(frames[number], current, step)
        fresh = np.zeros((len(new), length + 1, 2), np.float32)
        fresh[:, 0] = new
        active = np.concatenate([active, fresh])
        ages = np.concatenate([ages, np.zeros(len(new), np.int64)])
        moved, inside = _move(active[np.arange(len(active)), ages], fields[number])
        active, ages = active[inside], ages[inside] + 1
        active[np.arange(len(active)), ages] = moved[inside]
        done = ages == length
        finished.append(active[done])
        starts.append(np.full(int(done.sum()), number + 1 - length))
        active, ages = active[~done], ages[~done]
    points = np.concatenate(finished) if finished else np.zeros((0, length + 1, 2), np.float32)
    kept = _is_motion(points)
    return Trajectories(points[kept], np.concatenate(starts)[kept] if starts else np.zeros(0, np.int64))


def _new_points(frame: np.ndarray, current: np.ndarray, step: int) -> np.ndarray:
    """Return the centres of the free cells that have a corner, float32 ``[P, 2]``."""
    height, width = frame.shape
    strength = cv2.cornerMinEigenVal(frame, 3)
    ys, xs = (np.arange(step // 2, size, step) for size in (height, width))
    strong = strength[np.ix_(ys, xs)] > QUALITY * strength.max()
    cells = np.floor(current / step).astype(int)
    within = (cells[:, 0] < len(xs)) & (cells[:, 1] < len(ys))
    strong[cells[within, 1], cells[within, 0]] = False
    rows, columns = np.nonzero(strong)
    return np.stack([xs[columns], ys[rows]], axis=1).astype(np.float32)


def _move(points: np.ndarray, field: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the points in the next frame, and whether each is inside: float32 ``[A, 2]``, bool ``[A]``."""
    height, width = field.shape[:2]
    smooth = np.stack([cv2.medianBlur(np.ascontiguousarray(field[..., axis]), MEDIAN_SIZE) for axis in (0, 1)], -1)
    index = np.rint(points).astype(int)
    moved = points + smooth[index[:, 1].clip(0, height - 1), index[:, 0].clip(0, width - 1)]
    inside = (moved >= 0).all(1) & (moved[:, 0] <= width - 1) & (moved[:, 1] <= height - 1)
    return moved, inside


def _is_motion(points: np.ndarray) -> np.ndarray:
    """Return which trajectories move, and move smoothly: ``[K, L + 1, 2]`` -> bool ``[K]``."""
    steps = np.linalg.norm(np.diff(points, axis=1), axis=2)  # [K, L]
    moves = points.std(axis=1).max(1) > MIN_STD
    return moves & (steps.max(1, initial=0) <= MAX_JUMP * steps.sum(1) + (points.shape[1] <= 2) * steps.sum(1))
