"""Spatial augmentation on the device, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from kornia.geometry.transform import warp_affine
from torch import Tensor
from torch.nn.functional import grid_sample

from modalities.augmentation import SpatialAugmentation


def view_matrix(view: Mapping[str, Tensor], frame_hw: tuple[int, int], out_hw: tuple[int, int]) -> Tensor:
    """Return :meth:`modalities.augmentation.SpatialAugmentation.matrix` for a batch.

    Args:
        view: fields of :class:`modalities.augmentation.SpatialAugmentation`, ``[B]`` each.
        frame_hw: height and width of the frames, pixels.
        out_hw: height and width of the output, pixels.

    Shapes: ``[B, 2, 3]``, from frame pixels to output pixels (indices of pixel centres).
    """
    frame_h, frame_w = frame_hw
    out_h, out_w = out_hw
    sx = out_w / (view["width"] * frame_w)
    sy = out_h / (view["height"] * frame_h)
    tx = sx * (0.5 - view["x"] * frame_w) - 0.5
    ty = sy * (0.5 - view["y"] * frame_h) - 0.5
    flip = view["flip"] > 0
    sx, tx = torch.where(flip, -sx, sx), torch.where(flip, (out_w - 1) - tx, tx)
    zero = torch.zeros_like(sx)
    return torch.stack([torch.stack([sx, zero, tx], -1), torch.stack([zero, sy, ty], -1)], -2)


def warp(data: Tensor, matrix: Tensor | None, out_hw: tuple[int, int], *, mode: str = "bilinear") -> Tensor:
    """Warp clips; all times and channels of a clip share one sampling grid, and outside is zero.

    Without a matrix the whole frame is resized by a grid that does not depend on the data, so that it can be exported.

    Args:
        data: clips.
        matrix: affine maps from frame pixels to output pixels; None shows the whole frame.
        out_hw: height and width of the output, pixels.
        mode: interpolation, ``bilinear`` or ``nearest``.

    Shapes: ``[B, T, H, W, C]`` any dtype, ``[B, 2, 3]`` -> float ``[B, C, T, h, w]``.
    """
    b, t, h, w, c = data.shape
    planes = data.permute(0, 4, 1, 2, 3).reshape(b, c * t, h, w).float()  # [B, C·T, H, W]
    if matrix is None:
        grid = torch.tensor(identity_grid((h, w), out_hw), dtype=planes.dtype, device=planes.device)
        warped = grid_sample(planes, grid.expand(b, -1, -1, -1), mode=mode, align_corners=True)
    else:
        warped = warp_affine(planes, matrix, out_hw, mode=mode, align_corners=True)
    return warped.reshape(b, c, t, *out_hw)


def identity_grid(frame_hw: tuple[int, int], out_hw: tuple[int, int]) -> np.ndarray:
    """Return the sampling grid that resizes the whole frame to the output.

    It holds the position ``(x, y)`` of each output pixel in the frame, where −1 and 1 are the centres of the outermost
    pixels.

    Shapes: float64 ``[1, h, w, 2]``.
    """
    (sx, _, tx), (_, sy, ty) = SpatialAugmentation().matrix(frame_hw, out_hw)
    y, x = ((np.arange(out) - shift) / scale for out, shift, scale in zip(out_hw, (ty, tx), (sy, sx), strict=True))
    y, x = (2 * at / max(size - 1, 1) - 1 for at, size in zip((y, x), frame_hw, strict=True))
    return np.stack(np.meshgrid(x, y), -1)[None]
