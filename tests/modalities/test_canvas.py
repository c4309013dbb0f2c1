import numpy as np

from modalities.letterbox import letterbox, resize


def test_same_size_is_the_same_array():
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert resize(picture, (2, 4)) is picture
    assert letterbox(picture, (2, 4)) is picture


def test_shrinking_averages():
    picture = np.array([[0, 100, 8, 8], [100, 200, 8, 8]], np.float32)[..., None].repeat(2, -1)
    np.testing.assert_allclose(resize(picture, (1, 2))[0, :, 0], [100, 8])


def test_white_stays_white():
    assert resize(np.full((30, 40, 3), 255, np.uint8), (13, 17)).min() == 255


def test_picture_is_centred_and_padded():
    picture = np.full((2, 2, 3), 7, np.uint8)
    frame_size = letterbox(picture, (4, 10))  # scaled by 2, three columns on either side
    assert frame_size[:, 3:7].min() == 7
    assert frame_size[:, :3].max() == 0
    assert frame_size[:, 7:].max() == 0


def test_odd_rest_stays_inside():
    for height in range(1, 12):
        for width in range(1, 12):
            assert letterbox(np.ones((height, width, 2), np.float32), (7, 9)).shape == (7, 9, 2)
