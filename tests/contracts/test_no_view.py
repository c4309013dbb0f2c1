"""A transform without a view, as exported models have it, shows what it shows through the view of a test sample."""

from __future__ import annotations

from dataclasses import fields

import pytest
import torch

from modalities.augmentation import SpatialAugmentation
from modalities.flow.transforms import FlowTransform
from modalities.rgb.transforms import RgbTransform
from modalities.skeleton.transforms import (
    AlignView,
    CenterOnRoot,
    HeatmapTransform,
    InterpolateMissing,
    ScaleByTorso,
    SkeletonTransform,
)

CANVAS = (24, 36)
STEPS = [InterpolateMissing(), CenterOnRoot(), ScaleByTorso()]
RNG = torch.Generator().manual_seed(0)


def pictures(channels: int) -> dict:
    return {
        "data": torch.rand(2, 3, *CANVAS, channels, generator=RNG) * 255,
        "valid": torch.ones(2, 3, dtype=torch.bool),
    }


def people(joints: int, dims: int) -> dict:
    seen = torch.rand(2, 2, 5, joints, generator=RNG) > 0.3
    points = torch.rand(2, 2, 5, joints, dims, generator=RNG) * 20 * seen[..., None]
    return {"data": points, "scores": seen.float(), "valid": seen.any(-1)}


@pytest.mark.parametrize(
    ("transform", "entry"),
    [
        (RgbTransform(size=(12, 18)), pictures(3)),
        (RgbTransform(size=(31, 47)), pictures(3)),  # larger than the canvas: its border mixes with black
        (FlowTransform(size=(12, 24), bound=200.0), pictures(2)),  # not the canvas's shape: u and v scale differently
        (
            SkeletonTransform(layout="minihome16", frame_size=CANVAS, pre_steps=[AlignView()], steps=STEPS),
            people(16, 3),
        ),
        (SkeletonTransform(layout="coco17", frame_size=CANVAS, steps=STEPS, scores="bone"), people(17, 2)),
        (HeatmapTransform(layout="coco17", frame_size=CANVAS, size=(14, 14)), people(17, 2)),
        (HeatmapTransform(layout="coco17", frame_size=CANVAS, size=(14, 14), padding=None, limbs=True), people(17, 2)),
    ],
    ids=["rgb", "rgb larger", "flow", "3D", "2D", "heat maps", "limbs"],
)
def test_it_is_as_the_whole_canvas(transform, entry):
    view = {
        field.name: torch.full((2,), float(getattr(SpatialAugmentation(), field.name)))
        for field in fields(SpatialAugmentation)
    }
    (plain, valid), (seen, valid_too) = transform(entry, None), transform(entry, view)
    assert plain.std() > 0.05
    torch.testing.assert_close(plain, seen, rtol=0, atol=1e-4)
    assert torch.equal(valid, valid_too)
