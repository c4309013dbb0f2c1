import numpy as np

from triad.modalities.letterbox import letterbox, letterbox_geometry, resize


def test_geometry_keeps_aspect_and_centers():
    assert letterbox_geometry((240, 320), (120, 160)) == (0.5, 0.0, 0.0)
    assert letterbox_geometry((100, 50), (50, 50)) == (0.5, 12.5, 0.0)


def test_same_size_is_the_same_array():
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert resize(image, (2, 4)) is image
    assert letterbox(image, (2, 4)) is image


def test_shrinking_averages():
    image = np.array([[0, 100, 8, 8], [100, 200, 8, 8]], np.float32)[..., None].repeat(2, -1)
    np.testing.assert_allclose(resize(image, (1, 2))[0, :, 0], [100, 8])


def test_white_stays_white():
    assert resize(np.full((30, 40, 3), 255, np.uint8), (13, 17)).min() == 255


def test_image_is_centered_and_padded():
    frame = letterbox(np.full((2, 2, 3), 7, np.uint8), (4, 10))  # scaled by 2, three columns on either side
    assert frame[:, 3:7].min() == 7
    assert frame[:, :3].max() == 0
    assert frame[:, 7:].max() == 0


def test_any_size_fits_the_frame():
    for height in range(1, 12):
        for width in range(1, 12):
            assert letterbox(np.ones((height, width, 2), np.float32), (7, 9)).shape == (7, 9, 2)


def test_centre_mode_fills_the_frame():
    """A source of 4 × 8 pixels at its own scale: the middle six columns of eight."""
    image = np.arange(32, dtype=np.float32).reshape(4, 8, 1)
    assert letterbox_geometry((4, 8), (4, 6), "center") == (1.0, -1.0, 0.0)
    np.testing.assert_array_equal(letterbox(image, (4, 6), "center"), image[:, 1:7])
    for height in range(1, 12):
        for width in range(1, 12):
            filled = letterbox(np.ones((height, width, 2), np.float32), (7, 9), "center")
            assert filled.shape == (7, 9, 2)
            assert filled.min() > 0.99
