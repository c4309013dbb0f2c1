import numpy as np
import pytest
from tiny_networks import write_heatmaps

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import build_pose_estimator


@pytest.fixture
def estimator(tmp_path):
    return build_pose_estimator("tiny", weights=write_heatmaps(tmp_path / "p.onnx"), detector="whole_frame")


def test_every_frame_has_its_poses(estimator):
    poses = estimator(np.zeros((3, 20, 30, 3), np.uint8))
    assert [frame_poses.keypoints.shape for frame_poses in poses] == [(1, 17, 2)] * 3
    assert poses[2].boxes.tolist() == [[0, 0, 30, 20]]
    assert estimator(np.zeros((0, 8, 8, 3), np.uint8)) == []


def test_other_frames_are_refused(estimator):
    with pytest.raises(InputError, match="frames must be uint8, got float64"):
        estimator(np.zeros((1, 8, 8, 3)))
