"""A crop on reading shows what a crop of the whole frame on the device shows."""

import numpy as np
import pytest

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.view_crop import ViewCrop, resize_crop

GRADIENT = np.add.outer(np.arange(24), 10 * np.arange(32)).astype(np.float32)[..., None]


def test_crop_of_whole_pixels_is_exact():
    crop = ViewCrop(SpatialAugmentation(x=0.25, y=0.5, width=0.5, height=0.25), (6, 16), (24, 32), "border")
    np.testing.assert_array_equal(crop(GRADIENT).squeeze(), GRADIENT[12:18, 8:24, 0])


def test_flip_mirrors_the_crop():
    crop = ViewCrop(SpatialAugmentation(x=0.25, width=0.5, flip=True), (24, 16), (24, 32), "border")
    np.testing.assert_array_equal(crop(GRADIENT).squeeze(), GRADIENT[:, 23:7:-1, 0])


def test_frame_scales_the_box():
    """The frame is half the picture: the box covers twice its pixels, and 2 × 2 of them become one."""
    crop = ViewCrop(SpatialAugmentation(width=0.5, height=0.5), (6, 8), (12, 16), "border")
    expected = GRADIENT[:12, :16, 0].reshape(6, 2, 8, 2).mean((1, 3))
    np.testing.assert_allclose(crop(GRADIENT).squeeze(), expected)


def test_cut_frame_starts_inside_the_picture():
    crop = ViewCrop(SpatialAugmentation(), (24, 24), (24, 24), "center")
    np.testing.assert_array_equal(crop(GRADIENT).squeeze(), GRADIENT[:, 4:28, 0])


def test_border_of_frame_is_zero():
    crop = ViewCrop(SpatialAugmentation(), (32, 32), (32, 32), "border")
    output = crop(GRADIENT + 1).squeeze()
    assert output[:4].max() == output[28:].max() == 0
    np.testing.assert_array_equal(output[4:28], GRADIENT[..., 0] + 1)


def test_crop_of_the_border_alone_is_zero():
    crop = ViewCrop(SpatialAugmentation(height=0.1), (8, 8), (32, 32), "border")
    assert crop(GRADIENT + 1).max() == 0


def test_crop_of_less_than_a_pixel_shows_it():
    crop = ViewCrop(SpatialAugmentation(x=0.51, y=0.51, width=0.001, height=0.001), (4, 4), (24, 32), "border")
    assert np.unique(crop(GRADIENT)).tolist() == [GRADIENT[12, 16, 0]]


@pytest.mark.parametrize("flip", [False, True])
def test_scales_are_those_of_the_matrix(flip):
    view = SpatialAugmentation(width=0.5, height=0.25, flip=flip)
    crop = ViewCrop(view, (24, 32), (12, 16), "border")  # the frame is half the picture
    assert crop.scales((24, 32)) == (-2.0 if flip else 2.0, 4.0)


def test_small_crop_is_averaged_in_blocks():
    image = np.zeros((6, 6, 1), np.float32)
    image[:2, :2] = 8.0
    image[0, 5] = 4.0
    np.testing.assert_array_equal(resize_crop(image, (3, 3)).squeeze(), [[8, 0, 1], [0, 0, 0], [0, 0, 0]])
