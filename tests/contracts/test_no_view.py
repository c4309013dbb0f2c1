"""A transform with one view for all samples, as in exported models, gives what it gives for a batch of that view."""

from __future__ import annotations

from dataclasses import fields

import pytest
import torch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.flow.transforms import FlowTransform
from triad.modalities.rgb.transforms import RgbTransform
from triad.modalities.skeleton.transforms import (
    AlignView,
    CenterOnRoot,
    HeatmapTransform,
    InterpolateMissing,
    ScaleByTorso,
    SkeletonTransform,
)

FRAME_SIZE = (24, 36)
STEPS = [InterpolateMissing(), CenterOnRoot(), ScaleByTorso()]
RNG = torch.Generator().manual_seed(0)


def random_frames(channels: int) -> dict:
    return {
        "data": torch.rand(2, 3, *FRAME_SIZE, channels, generator=RNG) * 255,
        "valid": torch.ones(2, 3, dtype=torch.bool),
    }


def random_stacks(stack: int) -> dict:
    entry = random_frames(2 * stack)
    return entry | {"data": entry["data"].unflatten(-1, (stack, 2)).permute(0, 1, 4, 2, 3, 5)}


def random_poses(joints: int, dims: int) -> dict:
    """Return poses of which three joints in ten are missing."""
    detected = torch.rand(2, 2, 5, joints, generator=RNG) > 0.3
    points = torch.rand(2, 2, 5, joints, dims, generator=RNG) * 20 * detected[..., None]
    return {"data": points, "scores": detected.float(), "valid": detected.any(-1)}


CROP = SpatialAugmentation(x=0.25, y=1 / 12, width=0.5, height=0.75)


@pytest.mark.parametrize("fixed", [None, CROP], ids=["whole frame", "crop"])
@pytest.mark.parametrize(
    ("transform", "entry"),
    [
        (RgbTransform(size=(12, 18)), random_frames(3)),
        (RgbTransform(size=(31, 47)), random_frames(3)),  # larger than the frame, whose border mixes with black
        (FlowTransform(size=(12, 24), bound=200.0), random_frames(2)),  # u and v scale differently
        (FlowTransform(size=(12, 24), bound=200.0, subtract_mean=True), random_stacks(4)),
        (
            SkeletonTransform(layout="minihome16", frame_size=FRAME_SIZE, pre_steps=[AlignView()], steps=STEPS),
            random_poses(16, 3),
        ),
        (SkeletonTransform(layout="coco17", frame_size=FRAME_SIZE, steps=STEPS, scores="bone"), random_poses(17, 2)),
        (HeatmapTransform(layout="coco17", frame_size=FRAME_SIZE, size=(14, 14)), random_poses(17, 2)),
        (
            HeatmapTransform(layout="coco17", frame_size=FRAME_SIZE, size=(14, 14), padding=None, limbs=True),
            random_poses(17, 2),
        ),
    ],
    ids=["rgb", "rgb larger", "flow", "flow stacks", "3D", "2D", "heat maps", "limbs"],
)
def test_fixed_view_equals_batched_view(transform, entry, fixed):
    view = {
        field.name: torch.full((2,), float(getattr(fixed or SpatialAugmentation(), field.name)))
        for field in fields(SpatialAugmentation)
    }
    expected, expected_valid = transform(entry, view)
    output, valid = transform(entry, fixed)
    assert output.std() > 0.05
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-4)
    assert torch.equal(valid, expected_valid)
