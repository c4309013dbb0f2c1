"""Heat maps of joints and limbs, as PoseC3D reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce

import torch
from torch import Tensor

from triad.modalities.device_constants import device_constant

_MIN_SCORE = 1e-4  # below it nothing is drawn
_REACH = 3  # standard deviations after which a Gaussian is cut off


def joint_heatmaps(points: Tensor, scores: Tensor, size_hw: tuple[int, int], *, sigma: float) -> Tensor:
    """Draw a Gaussian at every joint, as high as its score.

    After Duan et al. 2022, Revisiting Skeleton-based Action Recognition, with the values of mmaction2's
    ``GeneratePoseTarget``. Where persons overlap, the highest value counts. A Gaussian is the product of its row and
    its column, as in kornia's ``render_gaussian2d``, which cannot be used: it normalises each to a sum of 1, which
    loses the score, and moves joints outside the map onto its border.

    Args:
        points: ``(x, y)`` in pixels of the map, indices of pixel centres.
        scores: score of each joint, 0–1; 0 draws nothing.
        size_hw: height and width of the map, pixels.
        sigma: standard deviation, in pixels of the map.

    Shapes: ``[B, M, T, V, 2]``, ``[B, M, T, V]`` -> ``[B, V, T, H, W]``.
    """
    height, width = size_hw
    points = points.transpose(2, 3)  # [B, M, V, T, 2]
    scores = scores.transpose(2, 3)
    rows = _gaussian(points[..., 0], width, sigma)  # [B, M, V, T, W]
    columns = _gaussian(points[..., 1], height, sigma) * _drawn_scores(scores)[..., None]  # [B, M, V, T, H]
    return _max_over_persons(_outer, columns, rows)


def limb_heatmaps(
    points: Tensor,
    scores: Tensor,
    limbs: Sequence[tuple[int, int]],
    size_hw: tuple[int, int],
    *,
    sigma: float,
) -> Tensor:
    """Draw a Gaussian ridge along every limb, as high as the lower score of its ends; see :func:`joint_heatmaps`.

    A limb shorter than a pixel is drawn as its first joint.

    Args:
        points: ``(x, y)`` in pixels of the map, indices of pixel centres.
        scores: score of each joint, 0–1; a limb with an end of 0 is not drawn.
        limbs: pairs of joints, ``[L]``.
        size_hw: height and width of the map, pixels.
        sigma: standard deviation, in pixels of the map.

    Shapes: ``[B, M, T, V, 2]``, ``[B, M, T, V]`` -> ``[B, L, T, H, W]``.
    """
    points = points.transpose(2, 3)  # [B, M, V, T, 2]
    scores = scores.transpose(2, 3)
    starts, ends = (device_constant(tuple(limb[end] for limb in limbs), points.device) for end in (0, 1))
    start = points[:, :, starts]
    vector = points[:, :, ends] - start
    lower = torch.minimum(scores[:, :, starts], scores[:, :, ends])
    short = vector.square().sum(-1) < 1
    heights = torch.where(short & (lower >= _MIN_SCORE), scores[:, :, starts], _drawn_scores(lower))  # [B, M, L, T]
    vector = torch.where(short[..., None], 0.0, vector)
    return _max_over_persons(partial(_ridge, size_hw=size_hw, sigma=sigma), start, vector, heights)


def _ridge(start: Tensor, vector: Tensor, heights: Tensor, *, size_hw: tuple[int, int], sigma: float) -> Tensor:
    """Draw limbs.

    Shapes: ``start`` and ``vector`` ``[…, L, T, 2]``, ``heights`` ``[…, L, T]`` -> ``[…, L, T, H, W]``.
    """
    rows, columns = (torch.arange(length, device=start.device) for length in size_hw)
    (x, y), (dx, dy) = (pair.unbind(-1) for pair in (start, vector))  # […, L, T]
    to_x = columns - x[..., None]  # from the start to each column
    to_y = rows - y[..., None]
    length = (dx.square() + dy.square()).clamp(min=1)[..., None]
    position = (to_x * dx[..., None] / length)[..., None, :] + (to_y * dy[..., None] / length)[..., :, None]
    position = position.clamp_(0, 1)  # […, L, T, H, W]: of the nearest point on the limb, from start to end
    distance = (to_x[..., None, :] - position * dx[..., None, None]).square_()
    distance += (to_y[..., :, None] - position * dy[..., None, None]).square_()
    ridge = distance.mul_(-0.5 / sigma**2).exp_()
    near_x = _within_reach(columns, torch.minimum(x, x + dx), torch.maximum(x, x + dx), sigma)
    near_y = _within_reach(rows, torch.minimum(y, y + dy), torch.maximum(y, y + dy), sigma)
    return ridge * _outer(near_y * heights[..., None], near_x.to(ridge))


def _gaussian(centers: Tensor, length: int, sigma: float) -> Tensor:
    """Return one-dimensional Gaussians: ``[…]`` -> ``[…, length]``."""
    pixels = torch.arange(length, device=centers.device)
    values = (-0.5 * ((pixels - centers[..., None]) / sigma).square()).exp()
    return values * _within_reach(pixels, centers, centers, sigma)


def _within_reach(pixels: Tensor, low: Tensor, high: Tensor, sigma: float) -> Tensor:
    """Return True for pixels from ``low`` to ``high``, extended by the reach in whole pixels: ``[…]`` -> ``[…, N]``."""
    return (pixels >= (low - _REACH * sigma).trunc()[..., None]) & (
        pixels <= (high + _REACH * sigma).trunc()[..., None]
    )


def _drawn_scores(scores: Tensor) -> Tensor:
    return torch.where(scores >= _MIN_SCORE, scores, 0.0)


def _outer(columns: Tensor, rows: Tensor) -> Tensor:
    """Return products of all pairs: ``[…, H]``, ``[…, W]`` -> ``[…, H, W]``."""
    return columns[..., :, None] * rows[..., None, :]


def _max_over_persons(draw: Callable[..., Tensor], *arguments: Tensor) -> Tensor:
    """Return the highest value over persons of ``draw``, whose arguments are ``[B, M, …]``: ``[B, …]``."""
    if torch.compiler.is_exporting():  # an exported graph must serve any number of persons
        return draw(*arguments).amax(1)
    persons = range(arguments[0].shape[1])
    maps = (draw(*(argument[:, person] for argument in arguments)) for person in persons)
    return reduce(torch.maximum, maps)  # one person at a time, as all at once need their number times the memory
