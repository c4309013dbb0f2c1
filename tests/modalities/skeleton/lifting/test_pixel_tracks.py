import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, get_layout
from triad.modalities.skeleton.lifting.pixel_tracks import PixelTracks, select_joints

LAYOUT = get_layout("minihome16")


def make_coco(times: int = 2) -> Poses:
    keypoints = np.arange(times * 17 * 2, dtype=np.float32).reshape(1, times, 17, 2)
    return Poses(keypoints, np.full((1, times, 17), 0.8, np.float32), "coco17")


def test_joints_of_another_layout_by_hand():
    poses = make_coco()
    poses.scores[0, 0, 12] = 0  # right hip
    poses.scores[0, 1, 4] = 0.5  # right ear
    pixels, scores = select_joints(poses, layout=LAYOUT)
    joints = [LAYOUT.index(name) for name in ("pelvis", "head", "left_wrist")]
    assert scores[0][:, joints].tolist() == [
        [0, pytest.approx(0.8), pytest.approx(0.8)],
        [pytest.approx(0.8), 0.5, pytest.approx(0.8)],
    ]
    assert pixels[0, 0, joints].tolist() == [[0, 0], [7, 8], [18, 19]]  # ears are 3 and 4, the left wrist 9
    assert pixels[0, 1, joints[0]].tolist() == [34 + 23, 34 + 24]  # hips are 11 and 12


def test_same_layout_is_copied():
    poses = make_coco()
    pixels, scores = select_joints(poses, layout=get_layout("coco17"))
    np.testing.assert_array_equal(pixels, poses.keypoints)
    np.testing.assert_array_equal(scores, poses.scores)


def test_unavailable_joints_are_named():
    with pytest.raises(InputError, match="layout 'coco17' to lift must have a 'left_hand'"):
        select_joints(make_coco(), layout=get_layout("kinect20"))
    solid = Poses(np.zeros((1, 1, 16, 3), np.float32), np.ones((1, 1, 16), np.float32), "minihome16")
    with pytest.raises(InputError, match="poses of 'minihome16' to lift must have pixels, got none"):
        select_joints(solid, layout=LAYOUT)


def test_completed_joints_have_half_scores():
    poses = make_coco(3)
    poses.scores[0, 1] = 0  # nobody
    poses.scores[0, 2] = 0
    poses.scores[0, 2, [5, 6, 7]] = 0.6  # three joints of 13, and the neck between them
    poses.scores[0, 0, 9] = 0  # left wrist
    tracks = PixelTracks(poses, LAYOUT)
    joints = np.ones((1, 3, 16, 3), np.float32) * np.arange(1, 17, dtype=np.float32)[:, None]
    wrist = LAYOUT.index("left_wrist")
    neck = LAYOUT.index("neck")
    incomplete = tracks.to_poses(joints, complete=False)
    assert incomplete.scores[0, 0, wrist] == 0
    assert incomplete.keypoints[0, 0, wrist].tolist() == [0, 0, 0]
    completed = tracks.to_poses(joints, complete=True)
    assert completed.scores[0, 0, wrist] == pytest.approx(0.4)
    assert completed.keypoints[0, 0, wrist].tolist() == [wrist, wrist, wrist]  # about the root, which is joint 0
    assert not completed.scores[0, 1].any()
    assert completed.scores[0, 2, neck] == pytest.approx(0.6)
    assert completed.scores[0, 2, wrist] == pytest.approx(0.3)  # four visible joints are enough


def test_absent_persons_are_not_present():
    poses = make_coco()
    two = Poses(poses.keypoints.repeat(2, 0), np.concatenate([0 * poses.scores, poses.scores]), "coco17")
    assert PixelTracks(two, LAYOUT).present == [1]
