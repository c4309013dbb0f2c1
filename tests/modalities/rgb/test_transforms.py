from dataclasses import fields

import kornia
import numpy as np
import pytest
import torch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.rgb.transforms import RgbTransform, augment_colors, multiply_saturation


def make_view(**changes):
    augmentation = SpatialAugmentation(**changes)
    return {
        field.name: torch.tensor([float(getattr(augmentation, field.name))]) for field in fields(SpatialAugmentation)
    }


def make_entry(frame):
    data = torch.as_tensor(np.asarray(frame, np.uint8))[None, None]  # [B, T, H, W, 3]
    return {"data": data, "valid": torch.ones(1, 1, dtype=torch.bool)}


FRAME = np.stack([np.full((2, 4), value) for value in (30, 60, 90)], -1) + np.arange(4)[None, :, None]


@pytest.mark.parametrize("view", [None, make_view()])
def test_channels_are_normalized(view):
    data, valid = RgbTransform(size=(2, 4), mean=(30, 60, 90), std=(1, 2, 5))(make_entry(FRAME), view)
    assert data.shape == (1, 3, 1, 2, 4)
    np.testing.assert_allclose(data[0, :, 0, 0], np.arange(4) / np.array([[1], [2], [5]]), atol=1e-4)
    assert valid.all()


def test_flip_mirrors_columns():
    transform = RgbTransform(size=(2, 4), mean=(0, 0, 0), std=(1, 1, 1))
    data, _ = transform(make_entry(FRAME), make_view(flip=True))
    np.testing.assert_allclose(data[0, 0, 0, 0], [33, 32, 31, 30], atol=1e-3)


def test_color_factors_multiply():
    frames = torch.tensor([[[[[50.0, 100.0]]], [[[50.0, 100.0]]], [[[50.0, 100.0]]]]])  # [B, 3, T, h, w], grey
    brighter = augment_colors(frames, make_view(brightness=1.5))
    np.testing.assert_allclose(brighter[0, 0, 0, 0], [75, 150], rtol=1e-5)
    flatter = augment_colors(frames, make_view(contrast=0.5))
    np.testing.assert_allclose(flatter[0, 0, 0, 0], [62.5, 87.5], rtol=1e-5)
    assert augment_colors(frames, {"flip": torch.ones(1)}) is frames


@pytest.mark.parametrize("options", [{"std": (0.229, 0.224, 0.225)}, {"mean": (127.5,)}])
def test_normalisation_is_on_the_scale_of_bytes(options):
    with pytest.raises(InputError, match=r"RgbTransform.mean and std must be three numbers each, 0–255, got .*by 255"):
        RgbTransform(size=(2, 4), **options)


def test_saturation_equals_kornias():
    frames = torch.rand(2, 3, 4, 5, 6, generator=torch.Generator().manual_seed(0))
    frames[0, :, 0, 0, 0] = 0.5  # grey
    frames[0, :, 0, 0, 1] = 0.0
    for factor in (0.0, 0.4, 1.0, 3.0):
        pictures = frames.transpose(1, 2).flatten(0, 1)
        expected = kornia.enhance.adjust_saturation(pictures, factor).unflatten(0, (2, 4)).transpose(1, 2)
        ours = multiply_saturation(frames * 255, torch.full((2, 1, 1, 1, 1), factor))
        torch.testing.assert_close(ours / 255, expected, atol=1e-5, rtol=0)
