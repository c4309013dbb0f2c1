"""Frames that show their number as black and white bars, one for each bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

NUM_BITS = 12
HEIGHT = 32
WIDTH = 8 * NUM_BITS


def numbered_frame(number: int) -> np.ndarray:
    """Return the frame of a number, uint8 ``[HEIGHT, WIDTH, 3]``."""
    bars = np.array([255 * (number >> bit & 1) for bit in range(NUM_BITS)], np.uint8)
    return bars.repeat(8)[None, :, None].repeat(HEIGHT, 0).repeat(3, 2)


def numbered_frames(num: int) -> Iterator[np.ndarray]:
    """Give the frames of 0, 1, …"""
    return map(numbered_frame, range(num))


def number_of(frame: np.ndarray) -> int:
    """Return the number that a frame shows."""
    return sum(int(frame[frame.shape[0] // 2, bit * 8 + 4, 0] > 128) << bit for bit in range(NUM_BITS))
