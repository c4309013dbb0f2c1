import numpy as np
import pytest

from triad.modalities.skeleton.pose_estimation.cropping import crop_frame, crop_regions, normalise_images, to_frame


def test_regions_have_the_inputs_aspect():
    boxes = np.array([[10, 20, 30, 100], [0, 0, 120, 40]], np.float32)
    regions = crop_regions(boxes, (256, 192))
    np.testing.assert_allclose(regions, [[20, 60, 75, 100], [60, 20, 150, 200]])  # × 1.25, then 3 : 4


def test_to_frame_inverts_cropping():
    frame = np.zeros((60, 80, 3), np.uint8)
    frame[33, 47] = 255
    regions = crop_regions(np.array([[30, 20, 60, 50]], np.float32), (64, 48))
    crop = crop_frame(frame, regions[0], (64, 48))[..., 0].astype(float)
    y, x = np.mgrid[:64, :48]
    center = np.array([(crop * axis).sum() / crop.sum() for axis in (x, y)])
    points = to_frame((center / [48, 64])[None, None].astype(np.float32), regions)
    np.testing.assert_allclose(points[0, 0], [47, 33], atol=0.05)


def test_outside_of_the_frame_is_black():
    crop = crop_frame(np.full((10, 10, 3), 9, np.uint8), np.array([0, 0, 12, 16], np.float32), (16, 12))
    assert (crop[:8, :6] == 0).sum() > 100
    assert (crop[9:, 7:] == 9).all()


def test_colours_are_normalised_by_imagenet():
    images = normalise_images(np.full((1, 2, 2, 3), (124, 116, 104), np.uint8))
    assert (images.shape, images.dtype) == ((1, 3, 2, 2), np.float32)
    np.testing.assert_allclose(images[0, :, 0, 0], [0.325 / 58.395, -0.28 / 57.12, 0.47 / 57.375], rtol=1e-4)
    assert images[0, 0, 0, 0] == pytest.approx(0.00557, abs=1e-5)
