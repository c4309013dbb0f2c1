"""What a lifter sees of a moment: the frames around it, as numbers that do not depend on where a person stands."""

from __future__ import annotations

import numpy as np

SMALLEST, LARGEST = 1e-6, 10.0


def window_index(num: int, *, frames: int, causal: bool = False) -> np.ndarray:
    """For each of ``num`` frames the ``frames`` around it (before it, where causal); the first and last are repeated.

    Repeating is what VideoPose3D does at edges (Pavllo et al. 2019, 3D Human Pose Estimation in Video with Temporal
    Convolutions and Semi-supervised Training), and serves clips that are shorter than a window.

    Shapes: int ``[T, frames]``.
    """
    before = frames - 1 if causal else (frames - 1) // 2
    around = np.arange(num)[:, None] + np.arange(frames) - before
    return np.asarray(around.clip(0, num - 1))


def normalise(pixels: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Pixels of a window about the mean of its seen joints, in units of the person's size; and which joints are seen.

    The size is the root mean square distance of seen joints from the middle of their frame, over the window: how far
    a person walks within it stays visible. Where hardly a joint is seen that is next to nothing; it is then a fifth of
    the same distance from the mean of the window, and no number exceeds 10. Moving or scaling all pixels changes
    nothing.

    Shapes: ``[…, T, J, 2]``, bool ``[…, T, J]`` -> float32 ``[…, T, J, 3]``: x, y, seen; all 0 where it is not.
    """
    weights = seen[..., None].astype(np.float32)
    per_frame = np.maximum(weights.sum(-2, keepdims=True), 1)  # […, T, 1, 1]
    count = np.maximum(weights.sum((-3, -2), keepdims=True), 1)  # […, 1, 1, 1]
    about_frame = weights * (pixels - (weights * pixels).sum(-2, keepdims=True) / per_frame)
    about_window = weights * (pixels - (weights * pixels).sum((-3, -2), keepdims=True) / count)
    size, spread = (
        np.sqrt((about**2).sum((-3, -2, -1), keepdims=True) / count) for about in (about_frame, about_window)
    )
    scaled = about_window / np.maximum(np.maximum(size, 0.2 * spread), SMALLEST)
    return np.concatenate([scaled.clip(-LARGEST, LARGEST), weights], -1).astype(np.float32)
