"""Mirrored files read as they are, and files read through a mirrored view, are the same to every stream."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import torch

from modalities.augmentation import SpatialAugmentation
from modalities.flow.transforms import FlowTransform
from modalities.rgb.transforms import RgbTransform
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms import CenterOnRoot, SkeletonTransform

HW, OUT = (24, 32), (18, 24)
RNG = np.random.default_rng(0)


def batch_view(view: SpatialAugmentation) -> dict[str, torch.Tensor]:
    return {field.name: torch.tensor([float(getattr(view, field.name))]) for field in fields(SpatialAugmentation)}


def mirrored(view: SpatialAugmentation) -> SpatialAugmentation:
    """The view that shows a mirrored picture as ``view`` shows the picture, mirrored."""
    return SpatialAugmentation(1 - view.x - view.width, view.y, view.width, view.height, flip=False)


VIEWS = [SpatialAugmentation(flip=True), SpatialAugmentation(x=0.1, y=0.2, width=0.7, height=0.7, flip=True)]


@pytest.mark.parametrize("view", VIEWS)
def test_rgb(view):
    frames = torch.from_numpy(RNG.integers(0, 255, (1, 3, *HW, 3), dtype=np.uint8))
    transform = RgbTransform(size=OUT)
    entry, flipped = ({"data": f, "valid": torch.ones(1, 3, dtype=torch.bool)} for f in (frames, frames.flip(3)))
    seen, _ = transform(entry, batch_view(view))
    expected, _ = transform(flipped, batch_view(mirrored(view)))
    assert torch.allclose(seen, expected, atol=1e-4)


@pytest.mark.parametrize("view", VIEWS)
def test_flow(view):
    flow = torch.from_numpy(RNG.normal(size=(1, 3, *HW, 2)).astype(np.float32))
    turned = flow.flip(3) * torch.tensor([-1.0, 1.0])  # the field of the mirrored video
    transform = FlowTransform(size=OUT)
    entry, flipped = ({"data": f, "valid": torch.ones(1, 3, dtype=torch.bool)} for f in (flow, turned))
    seen, _ = transform(entry, batch_view(view))
    expected, _ = transform(flipped, batch_view(mirrored(view)))
    assert torch.allclose(seen, expected, atol=1e-5)


def test_a_resize_scales_flow_in_both_directions():
    flow = torch.ones(1, 1, *HW, 2)
    transform = FlowTransform(size=(12, 8), bound=1.0)  # half the height, a quarter of the width
    seen, _ = transform({"data": flow, "valid": torch.ones(1, 1, dtype=torch.bool)}, batch_view(SpatialAugmentation()))
    assert seen[0, 0, 0, 5, 4] == pytest.approx(0.25)
    assert seen[0, 1, 0, 5, 4] == pytest.approx(0.5)


@pytest.mark.parametrize("view", VIEWS)
def test_joints_in_pixels(view):
    layout = get_layout("jhmdb15")
    joints = torch.from_numpy(RNG.uniform(4, 20, (1, 1, 3, 15, 2)).astype(np.float32))
    swapped = joints.clone()
    swapped[..., 0] = HW[1] - 1 - swapped[..., 0]
    swapped = swapped[..., list(layout.mirror_index), :]
    transform = SkeletonTransform(layout="jhmdb15", frame_size=HW)
    assert_same_joints(transform, joints, swapped, view)


@pytest.mark.parametrize("view", VIEWS)
def test_joints_in_metres(view):
    layout = get_layout("minihome16")
    joints = torch.from_numpy(RNG.normal(size=(1, 2, 3, 16, 3)).astype(np.float32))
    swapped = (joints * torch.tensor([-1.0, 1, 1]))[..., list(layout.mirror_index), :]
    transform = SkeletonTransform(layout="minihome16", frame_size=HW, steps=[{"type": CenterOnRoot}])
    assert_same_joints(transform, joints, swapped, view)


def assert_same_joints(transform, joints, swapped, view):
    people, times = joints.shape[1:3]
    rest = {"scores": torch.ones(joints.shape[:-1]), "valid": torch.ones(1, people, times, dtype=torch.bool)}
    seen, _ = transform({"data": joints, **rest}, batch_view(view))
    expected, _ = transform({"data": swapped, **rest}, batch_view(mirrored(view)))
    assert torch.allclose(seen, expected, atol=1e-4)


def test_colour_gains_change_rgb_only():
    frames = torch.from_numpy(RNG.integers(60, 180, (1, 2, *HW, 3), dtype=np.uint8))
    transform = RgbTransform(size=HW, mean=(0.0,) * 3, std=(1.0,) * 3)
    entry = {"data": frames, "valid": torch.ones(1, 2, dtype=torch.bool)}
    plain, _ = transform(entry, batch_view(SpatialAugmentation()))
    bright, _ = transform(entry, batch_view(SpatialAugmentation(brightness=1.25)))
    grey, _ = transform(entry, batch_view(SpatialAugmentation(saturation=0.0)))
    assert torch.allclose(bright, plain * 1.25, atol=1e-2)
    assert torch.allclose(grey[:, 0], grey[:, 1], atol=1e-2)
    assert not torch.allclose(plain[:, 0], plain[:, 1], atol=1.0)
