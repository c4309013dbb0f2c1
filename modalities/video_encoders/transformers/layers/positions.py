"""Positional embeddings: sines and cosines, and learned ones at other sizes than they were made for."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from triad.modalities.checks import fail


def sinusoidal_positions(length: int, channels: int) -> Tensor:
    """Return sines and cosines of the position (Vaswani et al. 2017, Attention Is All You Need, §3.5).

    Channel ``2i`` is ``sin(p / 10000^(2i / channels))`` of position ``p``, channel ``2i + 1`` the cosine.

    Shapes: ``[length, channels]``.

    Raises:
        InputError: If ``channels`` is odd.
    """
    if channels % 2:
        fail("number of channels of sinusoidal positions", "be even", channels)
    position = torch.arange(length, dtype=torch.float64)[:, None]
    frequency = 10_000.0 ** (-torch.arange(0, channels, 2, dtype=torch.float64) / channels)
    angle = position * frequency  # [length, channels / 2]
    return torch.stack([angle.sin(), angle.cos()], 2).flatten(1).float()


def resize_times(positions: Tensor, times: int, *, mode: str) -> Tensor:
    """Return embeddings of the times of a clip for another number of times.

    Args:
        positions: embedding of each time.
        times: new number of times.
        mode: interpolation of :func:`torch.nn.functional.interpolate`: ``nearest`` or ``linear``.

    Shapes: ``[R, T, C]`` -> ``[R, times, C]``, each row alone.
    """
    if positions.shape[1] == times:
        return positions
    return F.interpolate(positions.transpose(1, 2), size=times, mode=mode).transpose(1, 2)


def resize_volume(positions: Tensor, size: tuple[int, int, int], new_size: tuple[int, int, int]) -> Tensor:
    """Return embeddings of the places and times of a clip for another size, interpolated linearly along each axis.

    Args:
        positions: embedding of each place at each time, the first time first and its rows first.
        size: times, rows and columns of ``positions``.
        new_size: times, rows and columns of the result.

    Shapes: ``[1, T·N, C]`` -> ``[1, T'·N', C]``.
    """
    if size == new_size:
        return positions
    volume = positions.transpose(1, 2).unflatten(2, size)  # [1, C, T, H, W]
    return F.interpolate(volume, size=new_size, mode="trilinear").flatten(2).transpose(1, 2)


def resize_grid(positions: Tensor, grid: tuple[int, int], new_grid: tuple[int, int], *, mode: str) -> Tensor:
    """Return embeddings of the places of a grid for another grid.

    Args:
        positions: embedding of each place, its rows first.
        grid: rows and columns of ``positions``.
        new_grid: rows and columns of the result.
        mode: interpolation of :func:`torch.nn.functional.interpolate`: ``nearest``, ``bilinear`` or ``bicubic``.

    Shapes: ``[R, N, C]`` -> ``[R, N', C]``, each row alone.
    """
    if grid == new_grid:
        return positions
    plane = positions.transpose(1, 2).unflatten(2, grid)  # [R, C, H, W]
    return F.interpolate(plane, size=new_grid, mode=mode).flatten(2).transpose(1, 2)
