"""Frames as RAFT reads them, and the flow of the frames from its output."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from triad.modalities.flow.networks.padding import Padding, compute_padding, crop_padding, normalize_frames

STRIDE = 8
"""Pixels of a feature cell."""
MIN_SIZE = 128
"""Smallest height and width, pixels: 16 cells, because the correlation pyramid halves them three times."""


def raft_padding(height: int, width: int) -> Padding:
    """Return the padding of a frame, even on both sides as in the official code for Sintel."""
    return compute_padding(height, width, stride=STRIDE, min_size=MIN_SIZE)


def to_images(frames: np.ndarray, padding: Padding, device: torch.device) -> Tensor:
    """Return frames scaled to ±1 and padded by repeating their border.

    Shapes: uint8 ``[T, H, W, 3]`` -> float32 ``[T, 3, h, w]``.
    """
    return pad_frames(torch.from_numpy(np.ascontiguousarray(frames)).to(device), padding)


def pad_frames(frames: Tensor, padding: Padding) -> Tensor:
    """Return frames as :func:`to_images` does, from those that are on the device already."""
    return F.pad(normalize_frames(frames), padding, mode="replicate")


def to_fields(flow: Tensor, padding: Padding) -> np.ndarray:
    """Return the flow of the frames. Shapes: ``[P, 2, h, w]`` -> float32 ``[P, H, W, 2]``."""
    return crop_fields(flow, padding).cpu().numpy()


def crop_fields(flow: Tensor, padding: Padding) -> Tensor:
    """Return the flow of the frames as :func:`to_fields` does, left on the device."""
    return crop_padding(flow, padding).permute(0, 2, 3, 1).float()


def pairs_per_pass(height: int, width: int, padding: Padding, *, max_pairs: int, max_correlations: int) -> int:
    """Return how many pairs one forward pass takes so that their all-pairs correlations stay within a bound.

    It depends on the size of the frames alone, so that a batch does not depend on what came before it.

    Args:
        height: height of a frame, pixels.
        width: width of a frame, pixels.
        padding: padding of a frame.
        max_pairs: largest result; the smallest is 1.
        max_correlations: number of correlations that the pairs may have together.
    """
    return max(1, min(max_pairs, max_correlations // count_correlations(height, width, padding)))


def count_correlations(height: int, width: int, padding: Padding) -> int:
    """Return the number of correlations of one pair of frames: the halved sizes add a third to those of all cells."""
    rows = (height + padding.top + padding.bottom) // STRIDE
    columns = (width + padding.left + padding.right) // STRIDE
    cells = rows * columns
    return cells * cells * 4 // 3
