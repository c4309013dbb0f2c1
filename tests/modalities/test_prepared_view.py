from __future__ import annotations

import torch
from skeleton_batches import view_batch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.prepared_view import prepare_view, rotation_matrix, view_rotation

BOX = {"x", "y", "width", "height", "flip"}


def test_neutral_fields_are_dropped():
    assert set(prepare_view(view_batch(SpatialAugmentation(noise_seed=5)))) == BOX
    assert prepare_view({}) == {}


def test_fields_stay_that_change_one_sample():
    view = prepare_view(view_batch(SpatialAugmentation(), SpatialAugmentation(contrast=0.5, noise=0.1, noise_seed=7)))
    assert set(view) == BOX | {"brightness", "contrast", "saturation", "noise", "noise_seed"}
    assert view["noise_seed"].tolist() == [0, 7]


def test_angles_and_scale_become_one_matrix():
    raw = view_batch(SpatialAugmentation(rotate=0.3, scale=2.0), SpatialAugmentation(roll=-0.2))
    view = prepare_view(raw)
    assert set(view) == BOX | {"rotation"}
    expected = rotation_matrix(raw["rotate"], raw["tilt"], raw["roll"]) * raw["scale"][:, None, None]
    torch.testing.assert_close(view["rotation"], expected)
    assert prepare_view(view)["rotation"] is view["rotation"]
    torch.testing.assert_close(view_rotation(raw), expected)


def test_values_on_a_device_are_not_read():
    view = {"noise": torch.zeros(2, device="meta"), "flip": torch.zeros(2, device="meta")}
    assert prepare_view(view) == view
