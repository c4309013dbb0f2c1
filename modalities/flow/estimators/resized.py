"""Flow estimation on frames scaled to another size: smaller for speed, larger for thin objects."""

from __future__ import annotations

from typing import Any

import numpy as np

from triad.modalities.flow.estimators.interfaces import FlowEstimator, VideoFlow, check_frames
from triad.modalities.letterbox import resize


class ResizedFlow:
    """Estimator on frames scaled to one short side, named ``<name>_at<side>``; see ``FlowEstimator``.

    The flow has the size and the pixels of the scaled frames; readers scale it to their frame size as any other.

    Args:
        estimator: estimator of the flow.
        short_side: short side of the scaled frames, pixels, 1 or more.

    Raises:
        InputError: If called, as the estimator.
    """

    def __init__(self, estimator: FlowEstimator, short_side: int) -> None:
        self.estimator = estimator
        self.short_side = short_side
        self.name = f"{estimator.name}_at{short_side}"

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.estimator.provenance, "short_side": self.short_side}

    def open(self) -> VideoFlow:
        estimate = self.estimator.open()
        return lambda frames: estimate(self._resize(frames))

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        return self.estimator(self._resize(frames))

    def _resize(self, frames: np.ndarray) -> np.ndarray:
        _, height, width = check_frames(frames)
        size_hw = scale_short_side((height, width), self.short_side)
        return frames if size_hw == (height, width) else np.stack([resize(frame, size_hw) for frame in frames])


def scale_short_side(size_hw: tuple[int, int], short_side: int) -> tuple[int, int]:
    """Return height and width of an image scaled to a short side, pixels."""
    height, width = size_hw
    shorter = min(height, width)
    return round(height * short_side / shorter), round(width * short_side / shorter)


def resize_flow(fields: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Resize fields and scale their vectors accordingly.

    Shapes: float32 ``[T, h, w, 2]`` -> ``[T, H, W, 2]``.
    """
    if fields.shape[1:3] == size_hw:
        return fields
    gain = np.array([size_hw[1] / fields.shape[2], size_hw[0] / fields.shape[1]], np.float32)
    return np.stack([resize(field, size_hw) for field in fields]) * gain
