"""Flow at another size than the video's: large frames made smaller for speed, small ones larger to see thin things."""

from __future__ import annotations

from typing import Any

import numpy as np

from modalities.flow.estimator import FlowEstimator, FlowOfVideo, check_frames
from modalities.letterbox import resize


class ResizedFlow:
    """An estimator that sees every frame scaled to one short side, see ``FlowEstimator``; named ``<name>_at<side>``.

    Flow has the size and the pixels of the scaled frames; readers scale it to their canvas as any other.

    Args:
        estimator: makes the flow.
        side: of the scaled frames, pixels, 1 or more.

    Raises:
        InputError: when called, as the estimator.
    """

    def __init__(self, estimator: FlowEstimator, side: int) -> None:
        self.estimator, self.side, self.name = estimator, side, f"{estimator.name}_at{side}"

    @property
    def provenance(self) -> dict[str, Any]:
        return {**self.estimator.provenance, "short_side": self.side}

    def open(self) -> FlowOfVideo:
        flow = self.estimator.open()
        return lambda frames: flow(self._scaled(frames))

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        return self.estimator(self._scaled(frames))

    def _scaled(self, frames: np.ndarray) -> np.ndarray:
        _, height, width = check_frames(frames)
        size = size_of((height, width), self.side)
        return frames if size == (height, width) else np.stack([resize(frame, size) for frame in frames])


def size_of(size_hw: tuple[int, int], side: int) -> tuple[int, int]:
    """Height and width of a picture scaled so that its short side is ``side``."""
    height, width = size_hw
    short = min(height, width)
    return round(height * side / short), round(width * side / short)


def flow_at(fields: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Fields scaled to another size, and their vectors with them.

    Shapes: float32 ``[T, h, w, 2]`` -> ``[T, H, W, 2]``.
    """
    if fields.shape[1:3] == size_hw:
        return fields
    gain = np.array([size_hw[1] / fields.shape[2], size_hw[0] / fields.shape[1]], np.float32)
    return np.stack([resize(field, size_hw) for field in fields]) * gain
