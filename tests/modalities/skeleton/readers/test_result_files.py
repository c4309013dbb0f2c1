"""Results of AlphaPose, mmpose and MediaPipe in all their forms, other orders of axes and columns: exact joints."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pose_files
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import ReadOptions, find_format, read_skeleton

COCO17 = "nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow left_wrist \
right_wrist left_hip right_hip left_knee right_knee left_ankle right_ankle"


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("persons", ["bodies", "people"])
def test_images_of_alphapose_are_frames(tmp_path: Path, persons: str) -> None:
    path = write(tmp_path / "a.json", pose_files.alphapose_images(persons))
    assert find_format(path).name == "coco"
    poses = read_skeleton(path).poses
    assert (poses.layout, poses.keypoints.shape) == ("openpose18", (1, 4, 18, 2))
    assert (poses.scores[0] > 0).all(-1).tolist() == [True, True, False, True]
    np.testing.assert_array_equal(poses.keypoints[0, 3, :2], [[33, 20], [34, 22]])


@pytest.mark.parametrize("wrapped", [True, False])
def test_frames_of_mmpose_keep_their_places(tmp_path: Path, wrapped: bool) -> None:
    path = write(tmp_path / "a.json", pose_files.mmpose(wrapped=wrapped))
    assert find_format(path).name == "coco"
    poses = read_skeleton(path).poses
    assert (poses.layout, poses.keypoints.shape) == ("coco17", (1, 4, 17, 2))
    assert (poses.scores[0] > 0).all(-1).tolist() == [False, True, False, True]
    np.testing.assert_array_equal(poses.keypoints[0, 1, :2], [[31, 20], [32, 22]])
    np.testing.assert_allclose(poses.scores[0, 1], 0.9, rtol=1e-6)


def test_scores_of_other_number_are_refused(tmp_path: Path) -> None:
    frames = json.loads(pose_files.mmpose(wrapped=False))
    frames[1]["instances"][0]["keypoint_scores"].pop()
    with pytest.raises(InputError, match="must hold 17 scores of person 0 of person 1, got 16"):
        read_skeleton(write(tmp_path / "a.json", json.dumps(frames).encode()))


@pytest.mark.parametrize("as_object", [False, True])
def test_numbered_landmarks_keep_their_frames(tmp_path: Path, as_object: bool) -> None:
    rows = {number: [{"x": 0.5, "y": 0.1 * number, "visibility": 0.9}] * 33 for number in (4, 5, 7)}
    frames = rows if as_object else [{"frame": number, "landmarks": row} for number, row in rows.items()]
    poses = read_skeleton(write(tmp_path / "a.json", json.dumps(frames).encode())).poses
    np.testing.assert_allclose(poses.keypoints[0, [0, 1, 3], 0, 1], [0.4, 0.5, 0.7], rtol=1e-6)
    assert (poses.scores[0] > 0).all(-1).tolist() == [True, True, False, True]


def test_axis_may_stand_before_a_name(tmp_path: Path) -> None:
    names = COCO17.split()
    header = ",".join(f"{axis}_{name}" for name in names for axis in "xy")
    row = ",".join(f"{10 + joint},{20 + joint}" for joint in range(17))
    recorded = read_skeleton(write(tmp_path / "a.csv", f"{header}\n{row}\n{row}\n".encode()))
    assert recorded.poses.layout == "coco17"
    np.testing.assert_array_equal(recorded.poses.keypoints[0, 1, [0, 16]], [[10, 20], [26, 36]])


def test_third_coordinate_in_an_image_is_a_score(tmp_path: Path) -> None:
    points = np.arange(5 * 17 * 3, dtype=np.float32).reshape(1, 5, 17, 3)
    points[..., 2] = 0.5
    points[0, 3, :, 2] = 0
    for shape in (points, points[0]):
        row = {"frame_dir": "a", "label": 0, "keypoint": shape, "total_frames": 5, "img_shape": (240, 320)}
        poses = read_skeleton(write(tmp_path / "a.pkl", pickle.dumps([row]))).poses
        assert (poses.layout, poses.keypoints.shape) == ("coco17", (1, 5, 17, 2))
        np.testing.assert_array_equal(poses.keypoints[0, 4], points[0, 4, :, :2])
        assert (poses.scores[0] > 0).all(-1).tolist() == [True, True, True, False, True]


def test_packed_annotations_are_named(tmp_path: Path) -> None:
    row = {"frame_dir": "a", "label": 0, "keypoint": np.ones((7, 17, 2)), "frame_inds": np.arange(7)}
    with pytest.raises(InputError, match=r"got the packed form with frame_inds; unpack it first"):
        read_skeleton(write(tmp_path / "a.pkl", pickle.dumps([row])))


def test_layout_tells_the_order_of_axes(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(2, 6, 25, 3)).astype(np.float32)
    np.save(tmp_path / "a.npy", points.transpose(3, 1, 2, 0))
    poses = read_skeleton(tmp_path / "a.npy", ReadOptions(layout="ntu25")).poses
    np.testing.assert_array_equal(poses.keypoints, points)
