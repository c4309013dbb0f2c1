"""The mistakes of a 2D pose estimator, made on true pixels: jitter, outliers, swapped sides, lost joints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from modalities.checks import fail
from modalities.skeleton.layouts import mirror_pairs

LOWER = ("knee", "ankle")
MEMORY = 0.8  # of slow jitter, from one frame to the next


@dataclass(frozen=True, kw_only=True)
class EstimatorNoise:
    """Draws mistakes; sizes are shares of the person's size in the image (root mean square distance from its middle).

    Args:
        jitter: standard deviation of what is wrong in each frame, half of its variance slow; of a clip, 0.3 to 1.7
            times as much.
        outliers: share of joints that are wrong by 0.4 of the person's size.
        swaps: share of clips in which left and right of arms or legs change places for up to 10 frames.
        lost: share of joints that are lost, each in a span of up to 15 frames.
        cut: share of clips in which knees and ankles are never seen.

    Raises:
        InputError: if a value is negative.
    """

    jitter: float = 0.07
    outliers: float = 0.01
    swaps: float = 0.1
    lost: float = 0.05
    cut: float = 0.1

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value >= 0:
                fail(f"EstimatorNoise.{name}", "be 0 or more", value)

    def __call__(
        self, pixels: np.ndarray, seen: np.ndarray, joints: tuple[str, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """New pixels and what is still seen.

        Shapes: ``[T, J, 2]``, bool ``[T, J]`` -> the same.
        """
        times, number = seen.shape
        size = np.sqrt(((pixels - pixels.mean(1, keepdims=True)) ** 2).sum(-1).mean())
        fresh = rng.normal(size=(2, times, number, 2))
        slow = lfilter([np.sqrt(1 - MEMORY**2)], [1, -MEMORY], fresh[1], axis=0)
        slow += MEMORY ** np.arange(1, times + 1)[:, None, None] * rng.normal(size=(number, 2))
        level = self.jitter * rng.uniform(0.3, 1.7) * np.sqrt(0.5)
        wrong = 0.4 * (rng.random((times, number, 1)) < self.outliers) * rng.normal(size=(times, number, 2))
        noisy = pixels + size * (level * (fresh[0] + slow) + wrong)
        if rng.random() < self.swaps:
            self._swap(noisy, joints, rng)
        kept = seen & ~self._lost(times, number, rng)
        if rng.random() < self.cut:
            kept[:, [joint.endswith(LOWER) for joint in joints]] = False
        return noisy.astype(np.float32), kept

    def _swap(self, pixels: np.ndarray, joints: tuple[str, ...], rng: np.random.Generator) -> None:
        limb = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))[rng.integers(2)]
        pairs = [pair for pair in mirror_pairs(joints) if joints[pair[0]].endswith(limb)]
        start = rng.integers(len(pixels))
        span = slice(start, start + rng.integers(1, 11))
        for left, right in pairs:
            pixels[span, [left, right]] = pixels[span, [right, left]]

    def _lost(self, times: int, joints: int, rng: np.random.Generator) -> np.ndarray:
        """Spans of 1–15 frames; so many begin that ``lost`` of all joints are within one, bool ``[T, J]``."""
        begins = rng.random((times + 14, joints)) < self.lost / 8
        lasts = np.where(begins, rng.integers(1, 16, begins.shape), 0)
        ends = np.maximum.accumulate(np.arange(len(begins))[:, None] + lasts, 0)
        return np.asarray((ends > np.arange(len(begins))[:, None])[14:])
