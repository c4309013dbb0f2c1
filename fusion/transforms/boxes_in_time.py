"""Boxes that follow places over the times of a video, and the pictures in them."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from triad.fusion.transforms.pixel_joints import box_corners
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.device_constants import device_constant
from triad.modalities.warp import View, warp_planes

MIN_SIDE = 8.0
"""Smallest side of a box, pixels."""


def smooth_path(points: Tensor, visible: Tensor, times: Tensor, at: Tensor, smoothing: float) -> tuple[Tensor, Tensor]:
    """Return a path at other times: the mean of the known places, weighted by a Gaussian of the distance in time.

    Gaps are bridged, and before the first and after the last known place the path stays there.

    Args:
        points: points ``(x, y)``.
        visible: whether each point is known.
        times: times of the places, seconds.
        at: times of the path, seconds.
        smoothing: standard deviation of the Gaussian, seconds.

    Shapes: ``[B, S, 2]``, bool ``[B, S]``, ``[B, S]``, ``[B, T]`` -> ``[B, T, 2]``, 0 where no place is known, bool
    ``[B]``, whether one is.
    """
    has_point = visible.any(1)
    distance = (at[:, :, None] - times[:, None]).to(points.dtype) / smoothing  # [B, T, S]
    closeness = torch.where((visible | ~has_point[:, None])[:, None], -0.5 * distance.square(), -torch.inf)
    weights = closeness.softmax(-1)  # far from all known places the nearest one counts
    return (weights @ points) * has_point[:, None, None], has_point


def box_around(points: Tensor, visible: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return centre and size of the box around all known places of a clip, 0 where none is, and whether one is.

    Shapes: ``[B, S, 2]``, bool ``[B, S]`` -> ``[B, 2]``, ``[B, 2]``, bool ``[B]``.
    """
    low, high = box_corners(points, visible)
    return (low + high) / 2, high - low, visible.any(1)


def fit_aspect(sizes: Tensor, out_hw: tuple[int, int]) -> Tensor:
    """Return the sizes ``(w, h)`` widened to the aspect ratio of the output, at least :data:`MIN_SIDE`: ``[…, 2]``."""
    out = device_constant((out_hw[1], out_hw[0]), sizes.device, sizes.dtype)
    return (sizes.clamp(min=MIN_SIDE) / out).amax(-1, keepdim=True) * out


def keep_inside(centers: Tensor, sizes: Tensor, frame: Tensor) -> Tensor:
    """Return centres moved so that their boxes lie in the frame; a box larger than the frame is centred in it.

    Args:
        centers: centres ``(x, y)`` of the boxes.
        sizes: sizes ``(w, h)`` of the boxes.
        frame: size ``(w, h)`` of the frame.

    Shapes: ``[…, 2]``, ``[…, 2]``, ``[2]`` -> ``[…, 2]``.
    """
    half = torch.minimum(sizes, frame) / 2
    return torch.minimum(torch.maximum(centers, half), frame - half)


def crop_boxes(data: Tensor, centers: Tensor, sizes: Tensor, view: View, out_hw: tuple[int, int]) -> Tensor:
    """Return the pictures in boxes of each frame; the view crops and mirrors a box as it does a whole frame.

    Args:
        data: frames.
        centers: centres ``(x, y)`` of the boxes, pixels counted from the corner of the frame.
        sizes: sizes ``(w, h)`` of the boxes, pixels.
        view: view of the batch.
        out_hw: height and width of the output, pixels.

    Shapes: ``[B, T, H, W, C]`` any dtype, ``[B, T, 2]``, ``[B, T, 2]`` -> float ``[B, C, T, h, w]``.
    """
    fields = view_fields(view, centers)
    width, height = (fields[name][:, None] * sizes[..., axis] for axis, name in enumerate(("width", "height")))
    left, top = (
        centers[..., axis] + sizes[..., axis] * (fields[name][:, None] - 0.5) for axis, name in enumerate(("x", "y"))
    )
    sx = out_hw[1] / width
    sy = out_hw[0] / height
    tx = sx * (0.5 - left) - 0.5  # +0.5: centre of pixel 0, −0.5: back to an index
    ty = sy * (0.5 - top) - 0.5
    flip = (fields["flip"] > 0)[:, None]
    sx, tx = torch.where(flip, -sx, sx), torch.where(flip, (out_hw[1] - 1) - tx, tx)
    zero = torch.zeros_like(sx)
    matrices = torch.stack([torch.stack([sx, zero, tx], -1), torch.stack([zero, sy, ty], -1)], -2)  # [B, T, 2, 3]
    planes = data.permute(0, 1, 4, 2, 3).flatten(0, 1).float()  # [B·T, C, H, W]
    pictures = warp_planes(planes, matrices.flatten(0, 1).float(), out_hw)
    return pictures.unflatten(0, data.shape[:2]).transpose(1, 2)


def view_fields(view: View, like: Tensor) -> dict[str, Tensor]:
    """Return ``x``, ``y``, ``width``, ``height`` and ``flip`` of each sample, on the device of ``like``: ``[B]``."""
    names = ("x", "y", "width", "height", "flip")
    if isinstance(view, Mapping):
        return {name: view[name].to(like) for name in names}
    fixed = view or SpatialAugmentation()
    return {name: like.new_full((len(like),), float(getattr(fixed, name))) for name in names}
