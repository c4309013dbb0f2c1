"""Joints as places of the picture that a network sees."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from triad.modalities.device_constants import device_constant
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.transforms.apply_view import mirror_joints
from triad.modalities.warp import View, fixed_matrix, view_matrix


def image_places(
    entry: Mapping[str, Tensor], view: View, layout: Layout, frame_hw: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """Return the place of each joint in the crop of the frame that the view shows, and whether it is known.

    A mirror swaps left and right joints. Rotations, scaling and noise, which change skeletons alone, do not count.

    Args:
        entry: batch of a skeleton stream before its transform: ``data``, ``scores``, ``valid`` and, for 3D layouts,
            ``pixels``, NaN where they are not known.
        view: view of the batch.
        layout: joint layout.
        frame_hw: height and width of the frame that pixels lie in.

    Shapes: ``[B, M, T, V, 2]``, fractions ``(x, y)`` of width and height, 0–1 inside, 0 where unknown; bool ``[B, M, T,
    V]``, False outside of the crop too.
    """
    pixels = entry["data"] if layout.dims == 2 else entry.get("pixels")
    scores = entry["scores"]
    if pixels is None:
        return scores.new_zeros(*scores.shape, 2), torch.zeros_like(scores, dtype=torch.bool)
    size = device_constant((float(frame_hw[1]), float(frame_hw[0])), pixels.device)
    if isinstance(view, Mapping):
        matrix = view_matrix(view, frame_hw, frame_hw).to(pixels)[:, None, None, None]  # [B, 1, 1, 1, 2, 3]
        flip = view["flip"] > 0
        scores = mirror_joints(scores, flip, layout)
        pixels = mirror_joints(pixels, flip, layout, axis=-2)
    else:
        matrix = torch.tensor(fixed_matrix(view, frame_hw, frame_hw), dtype=pixels.dtype, device=pixels.device)
    moved = (matrix[..., :2] @ pixels[..., None])[..., 0] + matrix[..., 2]
    places = (moved + 0.5) / size
    known = (scores > 0) & entry["valid"][..., None] & ((places >= 0) & (places <= 1)).all(-1)  # NaN is not known
    return torch.where(known[..., None], places, 0.0), known
