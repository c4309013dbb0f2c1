"""Noise on joints that is a function of the sample's augmentation alone."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.scale_by_torso import torso_length

_LOW_32 = 0xFFFFFFFF


def add_noise(points: Tensor, visible: Tensor, layout: Layout, *, sd: Tensor, seed: Tensor) -> Tensor:
    """Return joints with normal noise on every coordinate of the visible ones; missing joints stay 0.

    Args:
        points: joints.
        visible: mask of the joints that were measured.
        layout: joint layout.
        sd: standard deviation in torso lengths of the sample, ``[B]``.
        seed: whole number that determines the noise of a sample, ``[B]``.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B, M, T, V, C]``.
    """
    noise = hashed_normal(seed, points.shape[1:]).to(points)
    size = (sd.to(points) * torso_length(points, visible, layout)).view(-1, 1, 1, 1, 1)
    return points + noise * size * visible[..., None]


def hashed_normal(seed: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return standard normal numbers that are a function of ``(seed, position)``.

    They are a hash of the position instead of the state of a generator (Salmon et al. 2011, Parallel Random Numbers:
    As Easy as 1, 2, 3), so that a sample's noise is the same on every device (but for rounding), in every batch and
    after resuming; the method of Box and Muller makes them normal. Positions count from the last axis, so that more
    persons do not change the noise of the first.

    Args:
        seed: whole number of each sample.
        shape: shape of the numbers of one sample.

    Shapes: ``[B]`` -> float32 ``[B, *shape]``.
    """
    count = math.prod(shape)
    pairs = torch.arange(0, count, 2, device=seed.device)
    start = _hash_32(seed.long()[:, None] + 0x9E3779B9)  # [B, 1]
    first, second = (_hash_32((start + pairs + offset) & _LOW_32) for offset in (0, 1))  # [B, ⌈N / 2⌉], below 2³²
    radius = (-2 * ((first + 1).float() / 2**32).log()).sqrt()
    angle = second.float() * (2 * math.pi / 2**32)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], -1).flatten(1)[:, :count].unflatten(1, shape)


def _hash_32(values: Tensor) -> Tensor:
    """Return a pseudo-random bijection of 32 bits, in 64-bit integers (constants of C. Wellons' lowbias32, 2018)."""
    values = (values ^ (values >> 16)) * 0x7FEB352D & _LOW_32
    values = (values ^ (values >> 15)) * 0x846CA68B & _LOW_32
    return values ^ (values >> 16)
