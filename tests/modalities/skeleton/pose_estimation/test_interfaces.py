import numpy as np
import pytest
from frame_poses import make_frame_poses

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import FramePoses

POSES = make_frame_poses((0, 0, 20, 60, 0.9))


def test_length_is_the_number_of_persons():
    assert (len(POSES), len(make_frame_poses())) == (1, 0)


def test_wrong_arrays_are_refused():
    with pytest.raises(InputError, match=r"FramePoses\.scores must have shape"):
        FramePoses(POSES.keypoints, POSES.scores[:, :3], POSES.boxes, POSES.box_scores)
    with pytest.raises(InputError, match=r"FramePoses\.boxes must be float32, got float64"):
        FramePoses(POSES.keypoints, POSES.scores, POSES.boxes.astype(float), POSES.box_scores)
    with pytest.raises(InputError, match=r"FramePoses\.keypoints must be finite"):
        FramePoses(POSES.keypoints * np.float32(np.nan), POSES.scores, POSES.boxes, POSES.box_scores)
