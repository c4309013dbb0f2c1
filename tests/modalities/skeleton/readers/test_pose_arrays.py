import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers.pose_arrays import build_poses, poses_from_kinect


def test_joints_without_numbers_are_missing() -> None:
    keypoints = np.ones((1, 2, 17, 2))
    scores = np.full((1, 2, 17), 0.5)
    keypoints[0, 0, 3, 1] = np.nan
    keypoints[0, 0, 4, 0] = 1e40  # infinite as float32
    scores[0, 0, 5] = np.inf
    scores[0, 0, 6] = -1
    poses = build_poses("a", keypoints, scores, layout="coco17")
    assert np.flatnonzero(poses.scores[0, 0] == 0).tolist() == [3, 4, 5, 6]
    assert not poses.keypoints[0, 0, 3:7].any()
    assert (poses.scores[0, 1] == 0.5).all()


def test_kinects_axes_are_turned() -> None:
    points = np.tile([1.0, 2.0, 3.0], (2, 20, 1))
    points[1, 7] = 0  # the camera's origin, where no joint can be
    poses = poses_from_kinect("a", points, layout="kinect20")
    assert poses.keypoints[0, 0, 0].tolist() == [-1, -2, 3]
    assert np.argwhere(poses.scores[0] == 0).tolist() == [[1, 7]]


def test_nobody_is_refused() -> None:
    with pytest.raises(InputError, match="'a' must show a joint of somebody in some frame, got none in 3 frames"):
        build_poses("a", np.ones((1, 3, 17, 2)), np.zeros((1, 3, 17)), layout="coco17")


def test_wrong_shapes_name_the_file() -> None:
    with pytest.raises(InputError, match=r"'a': Poses\.keypoints must have shape \[M, T, 17, 2\], got \[1, 3, 5, 2\]"):
        build_poses("a", np.ones((1, 3, 5, 2)), np.ones((1, 3, 5)), layout="coco17")
