"""The view of a sample, applied on the device to a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from kornia.geometry.transform import warp_affine
from torch import Tensor
from torch.nn.functional import grid_sample

from modalities.augmentation import SpatialAugmentation


def view_matrix(view: Mapping[str, Tensor], canvas_hw: tuple[int, int], out_hw: tuple[int, int]) -> Tensor:
    """:meth:`modalities.augmentation.SpatialAugmentation.matrix` of a batch of views.

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


def warp(data: Tensor, matrix: Tensor | None, out_hw: tuple[int, int]) -> Tensor:
    """Bilinear warp of clips; all times and channels of a clip share one sampling grid. Outside is zero.

    Without a matrix the whole canvas is shown, by a grid that does not depend on the data: so it can be exported.

    Shapes: ``[B, T, H, W, C]`` any dtype, ``[B, 2, 3]`` -> float ``[B, C, T, h, w]``.
    """
    b, t, h, w, c = data.shape
    planes = data.permute(0, 4, 1, 2, 3).reshape(b, c * t, h, w).float()  # [B, C·T, H, W]
    if matrix is None:
        grid = torch.tensor(whole_grid((h, w), out_hw), dtype=planes.dtype, device=planes.device)
        shown = grid_sample(planes, grid.expand(b, -1, -1, -1), align_corners=True)
    else:
        shown = warp_affine(planes, matrix, out_hw, align_corners=True)
    return shown.reshape(b, c, t, *out_hw)


def whole_grid(canvas_hw: tuple[int, int], out_hw: tuple[int, int]) -> np.ndarray:
    """Where each output pixel of the whole canvas lies, ``(x, y)`` with −1 and 1 the outermost pixels' centres.

    Shapes: float64 ``[1, h, w, 2]``.
    """
    (sx, _, tx), (_, sy, ty) = SpatialAugmentation().matrix(canvas_hw, out_hw)
    y, x = ((np.arange(out) - shift) / scale for out, shift, scale in zip(out_hw, (ty, tx), (sy, sx), strict=True))
    y, x = (2 * at / max(size - 1, 1) - 1 for at, size in zip((y, x), canvas_hw, strict=True))
    return np.stack(np.meshgrid(x, y), -1)[None]
