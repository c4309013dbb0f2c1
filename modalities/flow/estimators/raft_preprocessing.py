"""From frames to the pictures that RAFT was trained on, and back from its flow to the frame's pixels."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

STRIDE, SMALLEST = 8, 128
"""Sides must be whole numbers of feature cells, and at least 16 of them: the correlation pyramid halves them thrice."""

Pads = tuple[int, int, int, int]
"""Left, right, top, bottom."""


def pads_of(height: int, width: int) -> Pads:
    """What must be added to a frame, evenly on both sides, as the official code does for Sintel."""
    pads = []
    for size in (width, height):
        missing = max(-(-size // STRIDE) * STRIDE, SMALLEST) - size
        pads += [missing // 2, missing - missing // 2]
    return pads[0], pads[1], pads[2], pads[3]


def to_pictures(frames: np.ndarray, pads: Pads, device: torch.device) -> Tensor:
    """Frames uint8 ``[T, H, W, 3]`` -> ±1, ``[T, 3, h, w]``, padded by repeating their border."""
    pictures = torch.from_numpy(np.ascontiguousarray(frames)).to(device)
    pictures = pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
    return F.pad(pictures, pads, mode="replicate")


def to_fields(flow: Tensor, pads: Pads) -> np.ndarray:
    """Flow of pictures ``[P, 2, h, w]`` -> of frames, float32 ``[P, H, W, 2]``."""
    left, right, top, bottom = pads
    height, width = flow.shape[-2] - top - bottom, flow.shape[-1] - left - right
    inner = flow[..., top : top + height, left : left + width]
    return inner.permute(0, 2, 3, 1).float().cpu().numpy()


def pairs_within(values: int, pads: Pads, height: int, width: int, *, most: int) -> int:
    """Pairs of one forward pass, so that their all-pairs correlations take no more than so many values; at least one.

    A function of the frame's size alone: a batch does not depend on what came before it.
    """
    left, right, top, bottom = pads
    cells = (height + top + bottom) // STRIDE * ((width + left + right) // STRIDE)
    return max(1, min(most, values // (cells * cells * 4 // 3)))
