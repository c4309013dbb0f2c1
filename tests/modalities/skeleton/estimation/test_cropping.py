import numpy as np
import pytest

from modalities.skeleton.pose_estimation.cropping import crop, crop_regions, normalised, to_frame


def test_a_box_is_widened_to_the_shape_of_the_input():
    boxes = np.array([[10, 20, 30, 100], [0, 0, 120, 40]], np.float32)
    regions = crop_regions(boxes, (256, 192))
    np.testing.assert_allclose(regions, [[20, 60, 75, 100], [60, 20, 150, 200]])  # × 1.25, then 3 : 4


def test_what_the_crop_shows_lies_in_the_frame_where_to_frame_says():
    frame = np.zeros((60, 80, 3), np.uint8)
    frame[33, 47] = 255
    regions = crop_regions(np.array([[30, 20, 60, 50]], np.float32), (64, 48))
    picture = crop(frame, regions[0], (64, 48))[..., 0].astype(float)
    y, x = np.mgrid[:64, :48]
    center = np.array([(picture * axis).sum() / picture.sum() for axis in (x, y)])
    found = to_frame((center / [48, 64])[None, None].astype(np.float32), regions)
    np.testing.assert_allclose(found[0, 0], [47, 33], atol=0.05)


def test_outside_of_the_frame_is_black():
    picture = crop(np.full((10, 10, 3), 9, np.uint8), np.array([0, 0, 12, 16], np.float32), (16, 12))
    assert (picture[:8, :6] == 0).sum() > 100
    assert (picture[9:, 7:] == 9).all()


def test_colours_are_normalised_by_imagenets_figures():
    image = np.full((1, 2, 2, 3), (124, 116, 104), np.uint8)
    assert normalised(image).shape == (1, 3, 2, 2)
    np.testing.assert_allclose(normalised(image)[0, :, 0, 0], [0.325 / 58.395, -0.28 / 57.12, 0.47 / 57.375], rtol=1e-4)
    assert normalised(image).dtype == np.float32
    assert pytest.approx(0.00557, abs=1e-5) == normalised(image)[0, 0, 0, 0]
