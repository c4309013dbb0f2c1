import numpy as np

from triad.modalities.skeleton.pose_estimation.detectors import WholeFrame


def test_box_is_the_frame():
    (detections,) = WholeFrame()(np.zeros((1, 5, 7, 3), np.uint8))
    np.testing.assert_array_equal(detections.boxes, [[0, 0, 7, 5]])
    assert detections.scores.tolist() == [1]
