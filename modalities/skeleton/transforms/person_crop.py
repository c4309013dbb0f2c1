"""The part of the picture in which something moves fills it."""

from __future__ import annotations

import torch
from torch import Tensor


def person_crop(
    points: Tensor,
    seen: Tensor,
    frame_size: tuple[int, int],
    size_hw: tuple[int, int],
    *,
    padding: float,
    least: float = 10.0,
) -> Tensor:
    """Joints on a map that shows the box around all persons in the whole clip (Duan et al. 2022, PYSKL).

    The box is widened about its centre by ``padding`` and to the map's shape, and may leave the canvas. A sample whose
    joints span less than ``least`` pixels on an axis shows the whole canvas.

    Args:
        points: ``(x, y)`` on the canvas, indices of pixel centres.
        seen: which of them were.
        frame_size: height and width.
        size_hw: height and width of the map.
        padding: by which share of its size the box grows, at least 0.
        least: pixels of the canvas.

    Shapes: ``[B, M, T, V, 2]``, bool ``[B, M, T, V]`` -> pixels of the map ``[B, M, T, V, 2]``.
    """
    known, over = seen[..., None], (1, 2, 3)
    low = torch.where(known, points, torch.inf).amin(over)  # [B, 2]
    high = torch.where(known, points, -torch.inf).amax(over)
    large = (high - low >= least).all(-1, keepdim=True)  # false where nothing is seen
    size = torch.tensor(size_hw[::-1]).to(points)  # [2], (W, H)
    whole = torch.tensor(frame_size[::-1]).to(points)
    center = torch.where(large, (low + high) / 2 + 0.5, whole / 2)  # +0.5: from pixel centres to places
    extent = (high - low) * (1 + padding)
    extent = size * (extent / size).amax(-1, keepdim=True)  # the map's shape
    scale = torch.where(large, size / extent, size / whole)[:, None, None, None]
    return (points + 0.5 - center[:, None, None, None]) * scale + size / 2 - 0.5
