"""Noise on joints that depends on the sample's view and on nothing else."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from modalities.skeleton.layouts import Layout
from modalities.skeleton.transforms.scale import torso_length

_LOW_32 = 0xFFFFFFFF


def add_noise(points: Tensor, seen: Tensor, layout: Layout, *, sd: Tensor, seed: Tensor) -> Tensor:
    """Normal noise on every coordinate of every joint that was seen; the others stay 0.

    Args:
        points: joints.
        seen: which of them were.
        layout: their layout.
        sd: standard deviation in torso lengths of the sample, ``[B]``; 0 changes nothing.
        seed: which noise, whole numbers ``[B]``.

    Shapes: ``[B, M, T, V, C]``, bool ``[B, M, T, V]`` -> ``[B, M, T, V, C]``.
    """
    if points.is_cpu and not sd.any():  # on an accelerator the question would cost more than the noise
        return points
    noise = normal(seed, points.shape[1:]).to(points)
    size = (sd.to(points) * torso_length(points, seen, layout)).view(-1, 1, 1, 1, 1)
    return points + noise * size * seen[..., None]


def normal(seed: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Standard normal numbers that are a function of ``(seed, position)``.

    A hash of the position instead of a generator's state (Salmon et al. 2011, Parallel Random Numbers: As Easy as 1, 2,
    3), so that a sample's noise is the same on every device (but for rounding), in every batch and after a resume; Box
    and Muller make normal numbers of it. Positions count from the last axis: more persons add noise and change none.

    Shapes: ``[B]`` -> float32 ``[B, *shape]``.
    """
    count = math.prod(shape)
    pairs = torch.arange(0, count, 2, device=seed.device)
    start = _mixed(seed.long()[:, None] + 0x9E3779B9)  # [B, 1]
    one, other = (_mixed((start + pairs + which) & _LOW_32) for which in (0, 1))  # [B, ⌈N / 2⌉], below 2³²
    radius = (-2 * ((one + 1).float() / 2**32).log()).sqrt()
    angle = other.float() * (2 * math.pi / 2**32)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], -1).flatten(1)[:, :count].unflatten(1, shape)


def _mixed(values: Tensor) -> Tensor:
    """A bijection of 32 bits that looks random, in 64-bit whole numbers (constants of C. Wellons' lowbias32, 2018)."""
    values = (values ^ (values >> 16)) * 0x7FEB352D & _LOW_32
    values = (values ^ (values >> 15)) * 0x846CA68B & _LOW_32
    return values ^ (values >> 16)
