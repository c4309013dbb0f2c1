import numpy as np

from triad.modalities.skeleton.pose_estimation.boxes import box_iou


def test_iou_by_hand():
    first = np.array([[0, 0, 4, 4], [10, 10, 10, 10]])
    second = np.array([[2, 0, 6, 4], [0, 0, 4, 4]])
    np.testing.assert_allclose(box_iou(first, second), [[8 / 24, 1], [0, 0]])
