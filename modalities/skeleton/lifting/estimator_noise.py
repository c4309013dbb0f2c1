"""Simulated errors of a 2D pose estimator: jitter, outliers, swapped sides, missing joints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.layouts import mirror_pairs

LEGS = ("knee", "ankle")
LIMBS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
MEMORY = 0.8  # of slow jitter, from one frame to the next
OUTLIER_SIZE = 0.4
MAX_SWAP = 10  # frames
MAX_GAP = 15  # frames


@dataclass(frozen=True, kw_only=True)
class EstimatorNoise:
    """Adds errors to pixels. Sizes are relative to the person's size in the image.

    The size of a person is the root mean square distance of its joints from their mean.

    Args:
        jitter: standard deviation of the error of each frame, half of its variance slow; 0.3 to 1.7 times as much in a
            clip.
        outliers: fraction of joints that are wrong by 0.4 of the person's size.
        swaps: fraction of clips in which left and right of arms or legs change places for up to 10 frames.
        missing: fraction of joints that are missing, each for up to 15 frames.
        hidden_legs: fraction of clips in which knees and ankles are never visible.

    Raises:
        InputError: If a value is negative.
    """

    jitter: float = 0.07
    outliers: float = 0.01
    swaps: float = 0.1
    missing: float = 0.05
    hidden_legs: float = 0.1

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value >= 0:
                fail(f"EstimatorNoise.{name}", "be 0 or more", value)

    def __call__(
        self, pixels: np.ndarray, visible: np.ndarray, joints: tuple[str, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return noisy pixels and the joints that are still visible.

        Args:
            pixels: exact pixels of a clip.
            visible: True where a joint is visible.
            joints: names of the joints.
            rng: source of all randomness.

        Shapes: ``[T, J, 2]``, bool ``[T, J]`` -> the same.
        """
        from scipy.signal import lfilter  # takes half a second

        num_times, num_joints = visible.shape
        size = np.sqrt(((pixels - pixels.mean(1, keepdims=True)) ** 2).sum(-1).mean())
        white_noise = rng.normal(size=(2, num_times, num_joints, 2))
        slow = lfilter([np.sqrt(1 - MEMORY**2)], [1, -MEMORY], white_noise[1], axis=0)
        slow += MEMORY ** np.arange(1, num_times + 1)[:, None, None] * rng.normal(size=(num_joints, 2))
        level = self.jitter * rng.uniform(0.3, 1.7) * np.sqrt(0.5)
        is_outlier = rng.random((num_times, num_joints, 1)) < self.outliers
        outliers = OUTLIER_SIZE * is_outlier * rng.normal(size=(num_times, num_joints, 2))
        noisy = pixels + size * (level * (white_noise[0] + slow) + outliers)
        if rng.random() < self.swaps:
            self._swap_sides(noisy, joints, rng)
        visible = visible & ~self._draw_gaps(num_times, num_joints, rng)
        if rng.random() < self.hidden_legs:
            visible[:, [joint.endswith(LEGS) for joint in joints]] = False
        return noisy.astype(np.float32), visible

    def _swap_sides(self, pixels: np.ndarray, joints: tuple[str, ...], rng: np.random.Generator) -> None:
        limb = LIMBS[rng.integers(2)]
        pairs = [pair for pair in mirror_pairs(joints) if joints[pair[0]].endswith(limb)]
        start = rng.integers(len(pixels))
        span = slice(start, start + rng.integers(1, MAX_SWAP + 1))
        for left, right in pairs:
            pixels[span, [left, right]] = pixels[span, [right, left]]

    def _draw_gaps(self, num_times: int, num_joints: int, rng: np.random.Generator) -> np.ndarray:
        """Return gaps of 1–15 frames, as many as make ``missing`` of all joints missing, bool ``[T, J]``."""
        lead = MAX_GAP - 1  # gaps that begin before the clip
        starts = rng.random((num_times + lead, num_joints)) < self.missing / 8  # 8 is the mean length
        lengths = np.where(starts, rng.integers(1, MAX_GAP + 1, starts.shape), 0)
        times = np.arange(len(starts))[:, None]
        ends = np.maximum.accumulate(times + lengths, 0)
        return np.asarray((ends > times)[lead:])
