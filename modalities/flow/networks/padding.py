"""Padding of frames to the sizes that a flow network takes, and cropping of its flow."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Padding(NamedTuple):
    """Pixels added on each side of an image, in the order of :func:`torch.nn.functional.pad`."""

    left: int
    right: int
    top: int
    bottom: int


def compute_padding(height: int, width: int, *, stride: int, min_size: int) -> Padding:
    """Return the padding, even on both sides, to multiples of ``stride`` and at least ``min_size`` pixels."""
    sides: list[int] = []
    for size in (width, height):
        missing = max(-(-size // stride) * stride, min_size) - size
        sides += [missing // 2, missing - missing // 2]
    return Padding(*sides)


def normalize_frames(frames: Tensor) -> Tensor:
    """Return frames as networks read them. Shapes: uint8 ``[B, H, W, 3]`` -> float ``[B, 3, H, W]`` in ±1."""
    return frames.permute(0, 3, 1, 2).float() / 127.5 - 1


def crop_padding(flow: Tensor, padding: Padding) -> Tensor:
    """Remove the padding from a flow. Shapes: ``[B, 2, H + top + bottom, W + left + right]`` -> ``[B, 2, H, W]``."""
    height = flow.shape[-2] - padding.top - padding.bottom
    width = flow.shape[-1] - padding.left - padding.right
    return flow[..., padding.top : padding.top + height, padding.left : padding.left + width]
