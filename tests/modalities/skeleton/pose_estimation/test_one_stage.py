import numpy as np
import pytest
from tiny_networks import write_constant, write_heatmaps

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import build_pose_estimator
from triad.modalities.skeleton.pose_estimation.one_stage import OneStagePose
from triad.modalities.skeleton.pose_estimation.onnx_pose import OnnxPose

FRAMES = np.zeros((2, 64, 128, 3), np.uint8)  # twice as wide as the input
JOINTS = np.stack([np.arange(17.0), np.arange(17.0) + 20, np.full(17, 0.7)], -1).astype(np.float32)


def write_rtmo(path, scores):
    boxes = np.array([[4, 4, 20, 30], [30, 2, 60, 30], [4, 4, 20, 31]], np.float32)
    dets = np.concatenate([boxes, np.array(scores, np.float32)[:, None]], 1)
    keypoints = np.stack([JOINTS, JOINTS + np.array([10, 0, 0]), JOINTS + np.array([1, 1, 0])])
    return write_constant(path, dets=dets[None], keypoints=keypoints[None].astype(np.float32))


def write_yolo(path, joints=17):
    cells = np.zeros((5 + 3 * joints, 84), np.float32)
    cells[:5, 7] = [20, 16, 16, 24, 0.6]
    cells[:5, 8] = [20, 16, 16, 23, 0.5]
    cells[5:, 7] = JOINTS[:joints].ravel()
    return write_constant(path, output0=cells[None])


def test_rtmo_gives_persons_by_score(tmp_path):
    estimator = OneStagePose(write_rtmo(tmp_path / "rtmo.onnx", [0.3, 0.9, 0.05]), name="rtmo")
    poses = estimator(FRAMES)
    assert len(poses) == 2
    np.testing.assert_allclose(poses[1].box_scores, [0.9, 0.3])
    np.testing.assert_allclose(poses[1].boxes, [[60, 4, 120, 60], [8, 8, 40, 60]])
    np.testing.assert_allclose(poses[1].keypoints[1], JOINTS[:, :2] * 2)
    np.testing.assert_allclose(poses[1].keypoints[0], (JOINTS[:, :2] + [10, 0]) * 2)
    np.testing.assert_allclose(poses[1].scores, np.full((2, 17), 0.7))


def test_yolo_cells_of_one_person_are_one(tmp_path):
    estimator = build_pose_estimator("yolo", weights=write_yolo(tmp_path / "yolo.onnx"), detector=None)
    assert isinstance(estimator, OneStagePose)
    (poses,) = estimator(FRAMES[:1])
    np.testing.assert_allclose(poses.boxes, [[24, 8, 56, 56]])
    np.testing.assert_allclose(poses.keypoints[0], JOINTS[:, :2] * 2)
    assert estimator.provenance["pose"]["model"] == "yolo"


def test_values_that_are_not_finite_give_no_person(tmp_path):
    estimator = OneStagePose(write_rtmo(tmp_path / "rtmo.onnx", [0.3, float("nan"), 0.05]), name="rtmo")
    assert [len(poses) for poses in estimator(FRAMES)] == [1, 1]


def test_wrong_use_is_refused(tmp_path):
    with pytest.raises(InputError, match="detector of pose estimator 'top_down' must be given, as the weights find"):
        OneStagePose(write_heatmaps(tmp_path / "maps.onnx"), name="top_down")
    with pytest.raises(InputError, match="must have COCO's 17 joints, got 5"):
        OneStagePose(write_yolo(tmp_path / "five.onnx", joints=5), name="five")
    for path in (write_rtmo(tmp_path / "rtmo.onnx", [0.3, 0.9, 0.05]), write_yolo(tmp_path / "yolo.onnx")):
        with pytest.raises(InputError, match=r"--detector must be left out, got one; pose weights .* find persons"):
            OnnxPose(path)


@pytest.mark.parametrize("kind", ["rtmo", "yolo"])
def test_frames_go_in_batches_on_gpu(tmp_path, fake_gpu, kind):
    path = tmp_path / "one_stage.onnx"
    path = write_rtmo(path, [0.3, 0.9, 0.05]) if kind == "rtmo" else write_yolo(path)
    frames = np.zeros((11, 64, 128, 3), np.uint8)
    expected = OneStagePose(path, name=kind)(frames[:1])[0]
    gpu = fake_gpu(installed=True, works=True)
    estimator = OneStagePose(path, name=kind, device="cuda")
    gpu.batch_sizes.clear()
    poses = estimator(frames)
    assert gpu.batch_sizes == [8, 3]
    assert len(poses) == 11
    for frame_poses in poses:
        np.testing.assert_array_equal(frame_poses.keypoints, expected.keypoints)
