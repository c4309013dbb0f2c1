"""Joints as places of the picture."""

from __future__ import annotations

from typing import Any

import torch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.transforms.image_places import image_places

LAYOUT = get_layout("coco17")
FRAME = (100, 200)


def build_entry() -> dict[str, torch.Tensor]:
    joints = torch.zeros(1, 1, 1, 17, 2)
    joints[..., 0, :] = torch.tensor([49.5, 24.5])  # a quarter of the width, a quarter of the height
    joints[..., 5, :] = torch.tensor([99.5, 49.5])
    scores = torch.zeros(1, 1, 1, 17)
    scores[..., [0, 5]] = 1
    return {"data": joints, "scores": scores, "valid": torch.ones(1, 1, 1, dtype=torch.bool)}


def view(**fields: float) -> dict[str, torch.Tensor]:
    values: dict[str, Any] = vars(SpatialAugmentation(**fields))
    return {name: torch.tensor([float(value)]) for name, value in values.items()}


def test_places_are_fractions_of_frame():
    places, visible = image_places(build_entry(), None, LAYOUT, FRAME)
    torch.testing.assert_close(places[0, 0, 0, 0], torch.tensor([0.25, 0.25]))
    torch.testing.assert_close(places[0, 0, 0, 5], torch.tensor([0.5, 0.5]))
    assert visible[0, 0, 0].nonzero()[:, 0].tolist() == [0, 5]


def test_crop_moves_and_hides_joints():
    places, visible = image_places(build_entry(), view(x=0.4, y=0.4, width=0.2, height=0.2), LAYOUT, FRAME)
    torch.testing.assert_close(places[0, 0, 0, 5], torch.tensor([0.5, 0.5]))
    assert visible[0, 0, 0].nonzero()[:, 0].tolist() == [5]
    assert not places[0, 0, 0, 0].any()


def test_mirror_swaps_left_and_right():
    places, visible = image_places(build_entry(), view(flip=1), LAYOUT, FRAME)
    torch.testing.assert_close(places[0, 0, 0, 0], torch.tensor([0.75, 0.25]))  # the nose
    assert visible[0, 0, 0].nonzero()[:, 0].tolist() == [0, 6]  # the left shoulder is now the right one
    torch.testing.assert_close(places[0, 0, 0, 6], torch.tensor([0.5, 0.5]))


def test_unknown_pixels_are_not_visible():
    layout = get_layout("minihome16")
    entry = {
        "data": torch.zeros(1, 1, 1, 16, 3),
        "scores": torch.ones(1, 1, 1, 16),
        "valid": torch.ones(1, 1, 1, dtype=torch.bool),
    }
    assert not image_places(entry, None, layout, FRAME)[1].any()
    entry["pixels"] = torch.full((1, 1, 1, 16, 2), torch.nan)
    entry["pixels"][..., 3, :] = torch.tensor([99.5, 49.5])
    places, visible = image_places(entry, None, layout, FRAME)
    assert visible[0, 0, 0].nonzero()[:, 0].tolist() == [3]
    assert torch.isfinite(places).all()
