from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import torch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.depth.transforms import DepthTransform


def entry(picture: list[list[float]]) -> dict[str, torch.Tensor]:
    data = torch.tensor(picture)[None, None, :, :, None]  # [B, T, H, W, 1]
    return {"data": data, "valid": torch.ones(1, 1, dtype=torch.bool)}


def view(**changes: float) -> dict[str, torch.Tensor]:
    augmentation = SpatialAugmentation(**changes)
    return {
        field.name: torch.tensor([float(getattr(augmentation, field.name))]) for field in fields(SpatialAugmentation)
    }


PICTURE = [[1.0, 2.0, 3.0, 4.0], [0.0, 9.0, 0.5, 5.0]]
CLOSENESS = [[1.0, 0.75, 0.5, 0.25], [0.0, 0.0, 1.0, 0.0]]  # 0 is missing, 9 beyond far, 0.5 before near


@pytest.mark.parametrize("augmentation", [None, view()])
def test_near_is_one_missing_zero(augmentation):
    data, valid = DepthTransform(size=(2, 4), near=1.0, far=5.0)(entry(PICTURE), augmentation)
    assert data.shape == (1, 1, 1, 2, 4)
    np.testing.assert_allclose(data[0, 0, 0], CLOSENESS)
    assert valid.all()


def test_flip_and_crop_follow_the_view():
    transform = DepthTransform(size=(2, 4), near=1.0, far=5.0)
    flipped, _ = transform(entry(PICTURE), view(flip=True))
    np.testing.assert_allclose(flipped[0, 0, 0], np.array(CLOSENESS)[:, ::-1])
    half = DepthTransform(size=(2, 2), near=1.0, far=5.0)
    cropped, _ = half(entry(PICTURE), view(x=0.5, width=0.5))
    np.testing.assert_allclose(cropped[0, 0, 0], np.array(CLOSENESS)[:, 2:])


@pytest.mark.parametrize("augmentation", [None, view(x=0.1, y=0.05, width=0.77, height=0.77)])
def test_resizing_never_mixes_missing_and_measured(augmentation):
    picture = np.zeros((6, 9), np.float32)
    picture[:, ::2] = 2.0
    data, _ = DepthTransform(size=(13, 7), near=1.0, far=5.0)(entry(picture.tolist()), augmentation)
    assert set(np.unique(data.numpy()).tolist()) == {0.0, 0.75}


def test_range_must_be_in_order():
    with pytest.raises(InputError, match=r"near below far, got 4.0 and 2.0"):
        DepthTransform(size=(2, 2), near=4.0, far=2.0)
