"""Random joints and batches of spatial augmentations for tests of skeleton transforms."""

from __future__ import annotations

from dataclasses import fields

import torch
from torch import Tensor

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.skeleton import Layout, get_layout

HOME = get_layout("minihome16")
JHMDB = get_layout("jhmdb15")
COCO = get_layout("coco17")
FRAME = (120, 160)


def random_joints(layout: Layout = HOME, *, batch: int = 2, persons: int = 1, times: int = 4) -> tuple[Tensor, Tensor]:
    """Return joints ``[B, M, T, V, C]`` around 3, seed 0, and a visibility mask of ones."""
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(batch, persons, times, layout.num_joints, layout.dims, generator=generator) + 3
    return points, torch.ones(points.shape[:-1], dtype=torch.bool)


def random_entry(layout: Layout = HOME, *, batch: int = 1, persons: int = 1, times: int = 4) -> dict[str, Tensor]:
    """Return the batch entry of :func:`random_joints`, with scores of 1."""
    points, visible = random_joints(layout, batch=batch, persons=persons, times=times)
    return make_entry(points, visible)


def make_entry(points: Tensor, visible: Tensor) -> dict[str, Tensor]:
    return {"data": points, "scores": visible.float(), "valid": visible.any(-1)}


def view_batch(*augmentations: SpatialAugmentation) -> dict[str, Tensor]:
    """Return the fields of one augmentation a sample, ``[B]`` each."""
    return {
        field.name: torch.tensor([float(getattr(augmentation, field.name)) for augmentation in augmentations])
        for field in fields(SpatialAugmentation)
    }


def mirror(points: Tensor, layout: Layout = HOME) -> Tensor:
    """Return 3D joints mirrored at x = 0."""
    return (points * torch.tensor([-1.0, 1.0, 1.0]))[..., list(layout.mirror_index), :]
