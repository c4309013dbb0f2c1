"""Windows of frames as a lifter reads them: pixels that depend neither on position nor on size."""

from __future__ import annotations

import numpy as np

MIN_SIZE = 1e-6
MAX_VALUE = 10.0


def window_indices(num: int, *, frames: int, causal: bool = False) -> np.ndarray:
    """Return the frames of the window of each frame of a recording; the first and last frames are repeated.

    Repetition is how VideoPose3D pads (Pavllo et al. 2019, 3D Human Pose Estimation in Video with Temporal Convolutions
    and Semi-supervised Training); it also serves clips that are shorter than a window.

    Args:
        num: number of frames of the recording.
        frames: length of the window in frames.
        causal: end the window with its frame; otherwise the frame is in its middle.

    Shapes: int ``[T, frames]``.
    """
    before = frames - 1 if causal else (frames - 1) // 2
    indices = np.arange(num)[:, None] + np.arange(frames) - before
    return np.asarray(indices.clip(0, num - 1))


def normalise_pixels(pixels: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return pixels of windows about the mean of their visible joints, in units of the person's size, with visibility.

    The size is the root mean square distance of visible joints from the mean of their frame, over the window, so that
    the path of a walking person is kept. It is at least a fifth of the same distance from the mean of the window, which
    matters where hardly a joint is visible; no number exceeds 10. Moving or scaling all pixels changes nothing.

    Args:
        pixels: pixels of the joints.
        visible: True where a joint is visible.

    Shapes: ``[…, T, J, 2]``, bool ``[…, T, J]`` -> float32 ``[…, T, J, 3]``: x, y, visibility; 0 where not visible.
    """
    weights = visible[..., None].astype(np.float32)
    frame_count = np.maximum(weights.sum(-2, keepdims=True), 1)  # […, T, 1, 1]
    window_count = np.maximum(weights.sum((-3, -2), keepdims=True), 1)  # […, 1, 1, 1]
    from_frame_mean = weights * (pixels - (weights * pixels).sum(-2, keepdims=True) / frame_count)
    from_window_mean = weights * (pixels - (weights * pixels).sum((-3, -2), keepdims=True) / window_count)
    size, spread = (
        np.sqrt((offsets**2).sum((-3, -2, -1), keepdims=True) / window_count)
        for offsets in (from_frame_mean, from_window_mean)
    )
    scaled = from_window_mean / np.maximum(np.maximum(size, 0.2 * spread), MIN_SIZE)
    return np.concatenate([scaled.clip(-MAX_VALUE, MAX_VALUE), weights], -1).astype(np.float32)
