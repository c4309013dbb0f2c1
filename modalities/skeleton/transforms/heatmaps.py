"""Joints and limbs drawn as soft spots and lines, as PoseC3D reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce

import torch
from torch import Tensor

_LEAST_SCORE = 1e-4  # below it nothing is drawn
_REACH = 3  # standard deviations, then cut off


def joint_heatmaps(points: Tensor, scores: Tensor, size_hw: tuple[int, int], *, sigma: float) -> Tensor:
    """A Gaussian at every joint, as high as its score (Duan et al. 2022, Revisiting Skeleton-based Action Recognition).

    Of several persons the highest value counts at each place. Values are those of mmaction2's ``GeneratePoseTarget``.
    A Gaussian is the product of its row and its column: kornia's ``render_gaussian2d`` does that too, but gives each a
    sum of 1, which has no height for a score and moves what lies outside onto the border.

    Args:
        points: ``(x, y)`` in pixels of the map, indices of pixel centres.
        scores: 0–1; 0 draws nothing.
        size_hw: height and width of the map.
        sigma: standard deviation in pixels of the map.

    Shapes: ``[B, M, T, V, 2]``, ``[B, M, T, V]`` -> ``[B, V, T, H, W]``.
    """
    height, width = size_hw
    points, scores = points.transpose(2, 3), scores.transpose(2, 3)  # [B, M, V, T, 2]
    across = _bell(points[..., 0], width, sigma)  # [B, M, V, T, W]
    along = _bell(points[..., 1], height, sigma) * _drawn(scores)[..., None]  # [B, M, V, T, H]
    return _highest(_outer, along, across)


def limb_heatmaps(
    points: Tensor,
    scores: Tensor,
    limbs: Sequence[tuple[int, int]],
    size_hw: tuple[int, int],
    *,
    sigma: float,
) -> Tensor:
    """A Gaussian ridge along every limb, as high as the lower score of its ends.

    A limb shorter than a pixel is its first joint. Otherwise as :func:`joint_heatmaps`.

    Args:
        points: ``(x, y)`` in pixels of the map, indices of pixel centres.
        scores: 0–1; a limb with an end of 0 is not drawn.
        limbs: pairs of joints, ``[L]``.
        size_hw: height and width of the map.
        sigma: standard deviation in pixels of the map.

    Shapes: ``[B, M, T, V, 2]``, ``[B, M, T, V]`` -> ``[B, L, T, H, W]``.
    """
    points, scores = points.transpose(2, 3), scores.transpose(2, 3)  # [B, M, V, T, 2]
    starts, ends = ([limb[end] for limb in limbs] for end in (0, 1))
    start, vector = points[:, :, starts], points[:, :, ends] - points[:, :, starts]
    lower = torch.minimum(scores[:, :, starts], scores[:, :, ends])
    short = vector.square().sum(-1) < 1
    heights = torch.where(short & (lower >= _LEAST_SCORE), scores[:, :, starts], _drawn(lower))  # [B, M, L, T]
    vector = torch.where(short[..., None], 0.0, vector)
    return _highest(partial(_ridge, size_hw=size_hw, sigma=sigma), start, vector, heights)


def _ridge(start: Tensor, vector: Tensor, heights: Tensor, *, size_hw: tuple[int, int], sigma: float) -> Tensor:
    """Limbs: ``[…, L, T, 2]`` twice, ``[…, L, T]`` -> ``[…, L, T, H, W]``."""
    rows, columns = (torch.arange(length, device=start.device) for length in size_hw)
    (x, y), (dx, dy) = (pair.unbind(-1) for pair in (start, vector))  # […, L, T]
    to_x, to_y = columns - x[..., None], rows - y[..., None]  # from the start to each column, each row
    length = (dx.square() + dy.square()).clamp(min=1)[..., None]
    share = (to_x * dx[..., None] / length)[..., None, :] + (to_y * dy[..., None] / length)[..., :, None]
    share = share.clamp_(0, 1)  # […, L, T, H, W]: where on the limb the nearest point lies
    distance = (to_x[..., None, :] - share * dx[..., None, None]).square_()
    distance += (to_y[..., :, None] - share * dy[..., None, None]).square_()
    ridge = distance.mul_(-0.5 / sigma**2).exp_()
    near_x = _near(columns, torch.minimum(x, x + dx), torch.maximum(x, x + dx), sigma)
    near_y = _near(rows, torch.minimum(y, y + dy), torch.maximum(y, y + dy), sigma)
    return ridge * _outer(near_y * heights[..., None], near_x.to(ridge))


def _bell(centers: Tensor, length: int, sigma: float) -> Tensor:
    """``[…]`` -> ``[…, length]``"""
    places = torch.arange(length, device=centers.device)
    values = (-0.5 * ((places - centers[..., None]) / sigma).square()).exp()
    return values * _near(places, centers, centers, sigma)


def _near(places: Tensor, low: Tensor, high: Tensor, sigma: float) -> Tensor:
    """Whether each place lies between two others or within reach of them, by whole pixels: ``[…]`` -> ``[…, N]``."""
    return (places >= (low - _REACH * sigma).trunc()[..., None]) & (
        places <= (high + _REACH * sigma).trunc()[..., None]
    )


def _drawn(scores: Tensor) -> Tensor:
    return torch.where(scores >= _LEAST_SCORE, scores, 0.0)


def _outer(along: Tensor, across: Tensor) -> Tensor:
    """``[…, H]``, ``[…, W]`` -> ``[…, H, W]``"""
    return along[..., :, None] * across[..., None, :]


def _highest(draw: Callable[..., Tensor], *parts: Tensor) -> Tensor:
    """Of all persons: what is drawn of ``[B, M, …]``, the highest of them, ``[B, …]``."""
    if torch.compiler.is_exporting():  # a graph serves any number of them
        return draw(*parts).amax(1)
    people = (draw(*(part[:, person] for part in parts)) for person in range(parts[0].shape[1]))
    return reduce(torch.maximum, people)  # one at a time: all at once take their number of times the memory
