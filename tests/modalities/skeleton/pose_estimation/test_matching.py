import numpy as np

from triad.modalities.skeleton.pose_estimation.matching import match_pairs


def test_largest_sum_of_similarities_wins():
    similarity = np.array([[0.9, 0.8], [0.8, 0.1]])  # 0.8 + 0.8 is more than 0.9 + 0.1
    rows, columns = match_pairs(similarity, minimum=0.0)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_pairs_below_minimum_are_dropped():
    rows, columns = match_pairs(np.array([[0.3, 0.0, 0.0], [0.0, 0.2, 0.1]]), minimum=0.3)
    assert (rows.tolist(), columns.tolist()) == ([0], [0])
