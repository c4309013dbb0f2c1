"""Crop around all persons of a clip, as 2D joints of the cropped picture."""

from __future__ import annotations

import torch
from torch import Tensor

from triad.modalities.device_constants import device_constant


def person_crop(
    points: Tensor,
    visible: Tensor,
    frame_hw: tuple[int, int],
    out_hw: tuple[int, int],
    *,
    padding: float,
    min_size: float = 10.0,
) -> Tensor:
    """Return joints in the crop around all persons of the whole clip (Duan et al. 2022, PYSKL).

    The box is widened about its centre by ``padding`` and to the aspect ratio of the crop, and may leave the frame. A
    sample whose joints span less than ``min_size`` on an axis keeps the whole frame.

    Args:
        points: ``(x, y)`` in pixels of the frame, indices of pixel centres.
        visible: mask of the joints that were measured.
        frame_hw: height and width of the frame, pixels.
        out_hw: height and width of the crop, pixels.
        padding: growth of the box, as a fraction of its size, at least 0.
        min_size: smallest extent of a box, pixels of the frame.

    Shapes: ``[B, M, T, V, 2]``, bool ``[B, M, T, V]`` -> pixels of the crop ``[B, M, T, V, 2]``.
    """
    mask = visible[..., None]
    low = torch.where(mask, points, torch.inf).amin((1, 2, 3))  # [B, 2]
    high = torch.where(mask, points, -torch.inf).amax((1, 2, 3))
    large = (high - low >= min_size).all(-1, keepdim=True)  # false where nothing is visible
    out_size = device_constant(out_hw[::-1], points.device, points.dtype)  # [2], (W, H)
    frame_size = device_constant(frame_hw[::-1], points.device, points.dtype)
    center = torch.where(large, (low + high) / 2 + 0.5, frame_size / 2)  # +0.5: from pixel indices to coordinates
    extent = (high - low) * (1 + padding)
    extent = out_size * (extent / out_size).amax(-1, keepdim=True)  # the aspect ratio of the crop
    scale = torch.where(large, out_size / extent, out_size / frame_size)[:, None, None, None]
    return (points + 0.5 - center[:, None, None, None]) * scale + out_size / 2 - 0.5
