"""The view of a sample, applied on the device to a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from kornia.geometry.transform import warp_affine
from torch import Tensor


def view_matrix(view: Mapping[str, Tensor], canvas_hw: tuple[int, int], out_hw: tuple[int, int]) -> Tensor:
    """:meth:`modalities.view.View.matrix` of a batch of views.

    Shapes: fields ``[B]`` -> ``[B, 2, 3]``, from canvas pixels to output pixels (indices of pixel centres).
    """
    (canvas_h, canvas_w), (out_h, out_w) = canvas_hw, out_hw
    sx, sy = out_w / (view["width"] * canvas_w), out_h / (view["height"] * canvas_h)
    tx = sx * (0.5 - view["x"] * canvas_w) - 0.5
    ty = sy * (0.5 - view["y"] * canvas_h) - 0.5
    flip = view["flip"] > 0
    sx, tx = torch.where(flip, -sx, sx), torch.where(flip, (out_w - 1) - tx, tx)
    zero = torch.zeros_like(sx)
    return torch.stack([torch.stack([sx, zero, tx], -1), torch.stack([zero, sy, ty], -1)], -2)


def warp(data: Tensor, matrix: Tensor, out_hw: tuple[int, int]) -> Tensor:
    """Bilinear warp of clips; all times and channels of a clip share one sampling grid. Outside is zero.

    Shapes: ``[B, T, H, W, C]`` any dtype, ``[B, 2, 3]`` -> float ``[B, C, T, h, w]``.
    """
    b, t, h, w, c = data.shape
    planes = data.permute(0, 4, 1, 2, 3).reshape(b, c * t, h, w).float()  # [B, C·T, H, W]
    return warp_affine(planes, matrix, out_hw, align_corners=True).reshape(b, c, t, *out_hw)
