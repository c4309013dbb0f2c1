import numpy as np

from triad.modalities.skeleton.pose_estimation.decoding import decode_heatmaps, decode_simcc


def test_highest_cell_moves_towards_neighbour():
    maps = np.zeros((1, 3, 4, 8), np.float32)
    maps[0, 0, 1, 2] = 0.9
    maps[0, 0, 1, 3] = 0.5  # to the right
    maps[0, 0, 0, 2] = 0.2  # up
    maps[0, 1, 3, 7] = 0.4  # in the corner: nowhere to move
    points, scores = decode_heatmaps(maps)
    np.testing.assert_allclose(points[0, 0], [2.25 / 8, 0.75 / 4])
    np.testing.assert_allclose(points[0, 1], [7 / 8, 3 / 4])
    np.testing.assert_allclose(scores, [[0.9, 0.4, 0]])  # an empty map is a missing joint


def test_simcc_takes_highest_bin():
    x_bins = np.zeros((1, 2, 8), np.float32)
    y_bins = np.zeros((1, 2, 16), np.float32)
    x_bins[0, 0, 6] = 0.7
    x_bins[0, 1, 1] = 0.9
    y_bins[0, 0, 4] = 0.8
    y_bins[0, 1] = -0.1
    points, scores = decode_simcc(x_bins, y_bins)
    np.testing.assert_allclose(points[0, 0], [6 / 8, 4 / 16])
    np.testing.assert_allclose(scores, [[0.7, 0]])
