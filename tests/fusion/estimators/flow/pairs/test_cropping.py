"""Crops by hand: the window of a scaled and mirrored picture, and the flow vectors in it."""

import numpy as np

from triad.fusion.estimators.flow.pairs.cropping import Crop, apply_crop, crop_flow, draw_crop, recolor


def test_flow_vectors_scale_and_mirror():
    flow = np.zeros((10, 20, 2), np.float32)
    flow[...] = 3, -2
    crop = Crop(size=(20, 60), y=4, x=5, flip=True)  # twice as high, three times as wide
    expected = np.broadcast_to(np.float32([-9, -4]), (8, 16, 2))
    np.testing.assert_array_equal(crop_flow(flow, crop, (8, 16)), expected)


def test_flipped_crop_mirrors_the_window():
    crop = Crop(size=(20, 60), y=4, x=5, flip=True)
    picture = np.arange(20 * 60, dtype=np.float32).reshape(20, 60, 1)
    assert apply_crop(picture, crop, (8, 16))[0, -1, 0] == 4 * 60 + 5


def test_drawn_crop_covers_the_window():
    crop = draw_crop((10, 20), (30, 30), np.random.default_rng(0))
    assert crop.size[0] >= 30
    assert crop.size[1] >= 30


def test_recolor_changes_both_frames_alike():
    frames = np.full((2, 24, 32, 3), 120, np.uint8)
    for seed in range(5):
        first, second = recolor(frames, np.random.default_rng(seed)).mean(axis=(1, 2))
        assert np.abs(first - 120).max() > 3
        np.testing.assert_allclose(first, second, atol=12)
