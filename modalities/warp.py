"""Spatial augmentation on the device, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from triad.modalities.augmentation import SpatialAugmentation

View = Mapping[str, Tensor] | SpatialAugmentation | None
"""View of a batch: the fields of :class:`triad.modalities.augmentation.SpatialAugmentation`, ``[B]`` each; or one box
for all samples, as an exported graph has it; or None, the whole frame."""


def view_matrix(view: Mapping[str, Tensor], frame_hw: tuple[int, int], out_hw: tuple[int, int]) -> Tensor:
    """Return :meth:`triad.modalities.augmentation.SpatialAugmentation.matrix` for a batch.

    Args:
        view: fields of :class:`triad.modalities.augmentation.SpatialAugmentation`, ``[B]`` each.
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


def fixed_matrix(view: SpatialAugmentation | None, frame_hw: tuple[int, int], out_hw: tuple[int, int]) -> np.ndarray:
    """Return the matrix of one view for all samples, None for the whole frame, float64 ``[2, 3]``."""
    return (view or SpatialAugmentation()).matrix(frame_hw, out_hw)


def warp(data: Tensor, view: View, out_hw: tuple[int, int], *, mode: str = "bilinear") -> Tensor:
    """Warp clips; all times and channels of a clip share one sampling grid, and outside is zero.

    One view for all samples is sampled by a grid that does not depend on the data, so that it can be exported.

    Args:
        data: clips.
        view: view of the batch.
        out_hw: height and width of the output, pixels.
        mode: interpolation, ``bilinear`` or ``nearest``.

    Shapes: ``[B, T, H, W, C]`` any dtype -> float ``[B, C, T, h, w]``.
    """
    b, t, h, w, c = data.shape
    planes = data.permute(0, 4, 1, 2, 3).reshape(b, c * t, h, w).float()  # [B, C·T, H, W]
    if isinstance(view, Mapping):
        warped = warp_planes(planes, view_matrix(view, (h, w), out_hw), out_hw, mode=mode)
    else:
        points = sampling_grid(fixed_matrix(view, (h, w), out_hw), (h, w), out_hw)
        grid = torch.tensor(points, dtype=planes.dtype, device=planes.device)
        warped = grid_sample(planes, grid.expand(b, -1, -1, -1), mode=mode, align_corners=True)
    return warped.reshape(b, c, t, *out_hw)


def warp_planes(planes: Tensor, matrices: Tensor, out_hw: tuple[int, int], *, mode: str = "bilinear") -> Tensor:
    """Warp pictures by matrices without rotation; outside is zero.

    ``kornia.warp_affine`` inverts any matrix, for which the host waits for a GPU.

    Args:
        planes: pictures.
        matrices: maps from pixels of the pictures to those of the output.
        out_hw: height and width of the output, pixels.
        mode: interpolation, ``bilinear`` or ``nearest``.

    Shapes: ``[N, C, H, W]``, ``[N, 2, 3]`` -> ``[N, C, h, w]``.
    """
    places = []
    for axis, (size, out) in enumerate(zip(planes.shape[:1:-1], out_hw[::-1], strict=True)):  # x, then y
        pixels = torch.arange(out, device=planes.device, dtype=matrices.dtype)
        at = (pixels - matrices[:, axis, 2, None]) / matrices[:, axis, axis, None]  # [N, w] or [N, h]
        places.append(at * (2 / max(size - 1, 1)) - 1)  # −1 and 1 are the centres of the outermost pixels
    x, y = places
    shape = len(planes), *out_hw
    grid = torch.stack([x[:, None].expand(shape), y[:, :, None].expand(shape)], -1)
    return grid_sample(planes, grid.to(planes.dtype), mode=mode, align_corners=True)


def sampling_grid(matrix: np.ndarray, frame_hw: tuple[int, int], out_hw: tuple[int, int]) -> np.ndarray:
    """Return the grid that samples the output of a matrix from the frame.

    It holds the position ``(x, y)`` of each output pixel in the frame, where −1 and 1 are the centres of the outermost
    pixels.

    Args:
        matrix: map from frame pixels to output pixels without rotation, ``[2, 3]``.
        frame_hw: height and width of the frame, pixels.
        out_hw: height and width of the output, pixels.

    Shapes: float64 ``[1, h, w, 2]``.
    """
    (sx, _, tx), (_, sy, ty) = matrix
    y, x = ((np.arange(out) - shift) / scale for out, shift, scale in zip(out_hw, (ty, tx), (sy, sx), strict=True))
    y, x = (2 * at / max(size - 1, 1) - 1 for at, size in zip((y, x), frame_hw, strict=True))
    return np.stack(np.meshgrid(x, y), -1)[None]
