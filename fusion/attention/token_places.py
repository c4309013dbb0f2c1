"""Tokens of a video as places of the picture, and the tokens that joints lie in."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.fusion.models import patch_grid
from triad.modalities.checks import fail


def token_grid(height: int, width: int, tokens: int) -> tuple[int, int]:
    """Return rows and columns of the square patches of a picture.

    Args:
        height: height of the network's input, pixels.
        width: width of the network's input, pixels.
        tokens: number of tokens of a time.

    Raises:
        InputError: If no square patches fill the picture in this number.
    """
    grid = patch_grid(height, width, tokens)
    if grid is None:
        fail("tokens of a time", f"be square patches of a picture of {height}×{width}", tokens)
    return grid


def nearest_times(times: Tensor, num_tokens: int, pose_times: Tensor) -> Tensor:
    """Return the pose nearest in time to each time of the tokens, which may stand for several frames each.

    Shapes: seconds ``[P, T]``, seconds ``[P, T']`` -> int ``[P, num_tokens]``.
    """
    centres = torch.nn.functional.adaptive_avg_pool1d(times[:, None].float(), num_tokens)[:, 0]
    return (centres[:, :, None] - pose_times[:, None].float()).abs().argmin(2)


def joints_in_tokens(places: Tensor, visible: Tensor, grid: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Return which joints lie in each token, of whatever person, and which joints are known at each time.

    Args:
        places: fractions ``(x, y)`` of the picture.
        visible: mask of known joints inside the picture.
        grid: rows and columns of tokens; they run over rows first, ``n = y · W + x``.

    Shapes: ``[P, M, T, V, 2]``, bool ``[P, M, T, V]`` -> bool ``[P, T, N, V]``, bool ``[P, T, V]``.
    """
    rows, columns = grid
    column = (places[..., 0] * columns).long().clamp(0, columns - 1)
    row = (places[..., 1] * rows).long().clamp(0, rows - 1)
    token = (row * columns + column)[..., None]  # [P, M, T, V, 1]
    inside = (token == torch.arange(rows * columns, device=places.device)) & visible[..., None]  # [P, M, T, V, N]
    return inside.any(1).transpose(2, 3), visible.any(1)
