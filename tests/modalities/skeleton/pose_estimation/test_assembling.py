import numpy as np
import pytest
from frame_poses import make_frame_poses

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import TrackedPoses, assemble

LARGE = (0, 0, 40, 80, 0.9)
SMALL = (50, 0, 60, 20, 0.9)


def track_boxes(**boxes):
    """Return one frame; ``t<id>=box`` is a person of that track."""
    return TrackedPoses(make_frame_poses(*boxes.values()), np.array([int(name[1:]) for name in boxes], np.int64))


def shift_box(box, distance):
    return (box[0] + distance, box[1], box[2] + distance, *box[3:])


def test_large_person_comes_first():
    tracked = [track_boxes(t0=SMALL), track_boxes(t0=SMALL, t1=LARGE), track_boxes(t0=SMALL, t1=LARGE)]
    assembled = assemble(tracked, layout="coco17")
    assert assembled.tracks.tolist() == [[-1, 1, 1], [0, 0, 0]]
    assert (assembled.poses.scores[0, 0] == 0).all()
    assert (assembled.poses.keypoints[0, 0] == 0).all()
    np.testing.assert_array_equal(assembled.poses.keypoints[1, 2], make_frame_poses(SMALL).keypoints[0])


def test_gaps_are_interpolated_and_marked():
    tracked = [track_boxes(t0=LARGE), track_boxes(), track_boxes(), track_boxes(t0=shift_box(LARGE, 6))]
    assembled = assemble(tracked, layout="coco17")
    np.testing.assert_allclose(np.diff(assembled.poses.keypoints[0, :, 3, 0]), [2, 2, 2], atol=1e-5)
    np.testing.assert_allclose(assembled.poses.scores[0, :, 3], [0.8, 0.4, 0.4, 0.8])
    assert assembled.filled.tolist() == [[False, True, True, False]]
    assert assembled.tracks.tolist() == [[0, 0, 0, 0]]


def test_joint_missing_beside_gap_stays_missing():
    first = track_boxes(t0=LARGE)
    first.poses.scores[0, 5] = 0
    assembled = assemble([first, track_boxes(), track_boxes(t0=LARGE)], layout="coco17")
    assert assembled.poses.scores[0, :, 5].tolist() == [0, 0, pytest.approx(0.8)]
    assert (assembled.poses.keypoints[0, :2, 5] == 0).all()


def test_successive_tracks_share_a_slot():
    tracked = [
        track_boxes(t0=LARGE),
        track_boxes(t0=LARGE, t1=SMALL),
        track_boxes(t1=SMALL, t2=LARGE),
        track_boxes(t2=LARGE),
    ]
    assembled = assemble(tracked, layout="coco17", persons=1)
    assert assembled.tracks.tolist() == [[0, 0, 2, 2]]
    assert assembled.left_out == 2
    assert assemble(tracked, layout="coco17", persons=5).poses.keypoints.shape == (2, 4, 17, 2)


def test_frames_without_persons_give_one():
    assembled = assemble([track_boxes()] * 3, layout="coco17", persons=2)
    assert assembled.poses.scores.shape == (1, 3, 17)
    assert not assembled.poses.scores.any()
    assert (assembled.tracks == -1).all()
    assert not assembled.filled.any()


def test_smoothing_ignores_missing_joints():
    tracked = [track_boxes(t0=shift_box(LARGE, step)) for step in range(9)]
    tracked[4].poses.keypoints[0, 7] = 5000  # an estimator's value of a joint that it does not find
    tracked[4].poses.scores[0, 7] = 0
    assembled = assemble(tracked, layout="coco17", smooth=5)
    expected = np.concatenate([make_frame_poses(shift_box(LARGE, step)).keypoints for step in range(9)])
    expected[4, 7] = 0
    np.testing.assert_allclose(assembled.poses.keypoints[0], expected, atol=1e-3)
    assert assembled.poses.scores[0, 4, 7] == 0


def test_each_track_is_smoothed_alone():
    first = [track_boxes(t0=shift_box(LARGE, step**2 / 4)) for step in range(6)]
    second = shift_box(LARGE, 500)
    assembled = assemble(first + [track_boxes(t1=second)] * 6, layout="coco17", persons=1, smooth=5)
    expected = make_frame_poses(second).keypoints.repeat(6, 0)
    np.testing.assert_allclose(assembled.poses.keypoints[0, 6:], expected, atol=1e-3)


def test_no_frames_are_refused():
    with pytest.raises(InputError, match="frames and persons to assemble must be 1 or more, got 0 and 2"):
        assemble([], layout="coco17")
