import numpy as np
import pytest
from tiny_networks import write_detector, write_heatmaps

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


def test_frames_and_persons_go_in_batches(tmp_path, fake_gpu):
    """Of 20 frames of 3 persons, detection takes 8 frames at once and the pose model 32 crops: ceil(20 · 3 / 32)."""
    gpu = fake_gpu(installed=True, works=True)
    boxes = [(4, 4, 20, 40, 0.9), (24, 4, 40, 40, 0.8), (44, 4, 60, 40, 0.7)]
    estimator = build_pose_estimator(
        "tiny",
        weights=write_heatmaps(tmp_path / "p.onnx"),
        detector=write_detector(tmp_path / "d.onnx", boxes),
        device="cuda",
    )
    gpu.batch_sizes.clear()
    poses = estimator(np.zeros((20, 64, 64, 3), np.uint8))
    assert [len(frame_poses) for frame_poses in poses] == [3] * 20
    assert gpu.batch_sizes == [8, 8, 4, 32, 28]
