import numpy as np

from modalities.skeleton.pose_estimation.decoding import decode_heatmaps, decode_simcc


def test_the_highest_cell_moves_a_quarter_towards_the_higher_neighbour():
    maps = np.zeros((1, 3, 4, 8), np.float32)
    maps[0, 0, 1, 2], maps[0, 0, 1, 3], maps[0, 0, 0, 2] = 0.9, 0.5, 0.2  # to the right, and up
    maps[0, 1, 3, 7] = 0.4  # in the corner: nowhere to move
    points, scores = decode_heatmaps(maps)
    np.testing.assert_allclose(points[0, 0], [2.25 / 8, 0.75 / 4])
    np.testing.assert_allclose(points[0, 1], [7 / 8, 3 / 4])
    np.testing.assert_allclose(scores, [[0.9, 0.4, 0]])  # an empty map is a lost joint


def test_simcc_takes_the_highest_bin_of_each_axis_and_the_lower_value():
    x, y = np.zeros((1, 2, 8), np.float32), np.zeros((1, 2, 16), np.float32)
    x[0, 0, 6], y[0, 0, 4], x[0, 1, 1], y[0, 1] = 0.7, 0.8, 0.9, -0.1
    points, scores = decode_simcc(x, y)
    np.testing.assert_allclose(points[0, 0], [6 / 8, 4 / 16])
    np.testing.assert_allclose(scores, [[0.7, 0]])
