import numpy as np
import pytest
from people import people

from modalities.checks import InputError
from modalities.skeleton.pose_estimation.assembling import assemble
from modalities.skeleton.pose_estimation.interfaces import TrackedPoses
from modalities.skeleton.pose_estimation.smoothing import smooth

LARGE, SMALL = (0, 0, 40, 80, 0.9), (50, 0, 60, 20, 0.9)


def frame(**rows):
    """``t<id>=box`` of everybody in a frame."""
    return TrackedPoses(people(*rows.values()), np.array([int(name[1:]) for name in rows], np.int64))


def moved(box, shift):
    return (box[0] + shift, box[1], box[2] + shift, *box[3:])


def test_the_large_one_is_first_although_the_small_one_came_first():
    found = assemble([frame(t0=SMALL), frame(t0=SMALL, t1=LARGE), frame(t0=SMALL, t1=LARGE)], layout="coco17")
    assert found.tracks.tolist() == [[-1, 1, 1], [0, 0, 0]]
    assert (found.poses.scores[0, 0] == 0).all()
    assert (found.poses.keypoints[0, 0] == 0).all()
    np.testing.assert_array_equal(found.poses.keypoints[1, 2], people(SMALL).keypoints[0])


def test_gaps_are_filled_on_the_straight_line_and_marked():
    found = assemble([frame(t0=LARGE), frame(), frame(), frame(t0=moved(LARGE, 6))], layout="coco17")
    np.testing.assert_allclose(np.diff(found.poses.keypoints[0, :, 3, 0]), [2, 2, 2], atol=1e-5)
    np.testing.assert_allclose(found.poses.scores[0, :, 3], [0.8, 0.4, 0.4, 0.8])
    assert found.filled.tolist() == [[False, True, True, False]]
    assert found.tracks.tolist() == [[0, 0, 0, 0]]


def test_a_joint_that_is_lost_on_one_side_of_a_gap_is_not_made_up():
    first = frame(t0=LARGE)
    first.people.scores[0, 5] = 0
    found = assemble([first, frame(), frame(t0=LARGE)], layout="coco17")
    assert found.poses.scores[0, :, 5].tolist() == [0, 0, pytest.approx(0.8)]
    assert (found.poses.keypoints[0, :2, 5] == 0).all()


def test_who_comes_back_under_another_number_is_the_same_person_and_the_rest_is_counted():
    seen = [frame(t0=LARGE), frame(t0=LARGE, t1=SMALL), frame(t1=SMALL, t2=LARGE), frame(t2=LARGE)]
    found = assemble(seen, layout="coco17", persons=1)
    assert found.tracks.tolist() == [[0, 0, 2, 2]]
    assert found.left_out == 2
    assert assemble(seen, layout="coco17", persons=5).poses.keypoints.shape == (2, 4, 17, 2)


def test_nobody_is_one_lost_person():
    found = assemble([frame()] * 3, layout="coco17", persons=2)
    assert found.poses.scores.shape == (1, 3, 17)
    assert not found.poses.scores.any()
    assert (found.tracks == -1).all()
    assert not found.filled.any()


def test_smoothing_keeps_parabolas_and_takes_jitter():
    time = np.arange(11, dtype=np.float32)
    points = np.stack([time**2, 3 - time], -1)[:, None].repeat(2, 1)  # [T, V, 2]
    seen = np.ones(points.shape[:2], bool)
    np.testing.assert_allclose(smooth(points, seen, 5), points, atol=1e-4)
    noise = np.random.default_rng(0).normal(size=points.shape).astype(np.float32)
    assert np.abs(smooth(points + noise, seen, 7) - points).mean() < 0.8 * np.abs(noise).mean()
    np.testing.assert_array_equal(smooth(points[:4], seen[:4], 5), points[:4])
    with pytest.raises(InputError, match="frames of smoothing must be odd and 5 or more, got 6"):
        smooth(points, seen, 6)


def test_smoothing_takes_nothing_from_where_a_joint_is_lost():
    seen = [frame(t0=moved(LARGE, step)) for step in range(9)]
    seen[4].people.keypoints[0, 7] = 5000  # where an estimator puts what it does not see
    seen[4].people.scores[0, 7] = 0
    found = assemble(seen, layout="coco17", smooth=5)
    wanted = np.concatenate([people(moved(LARGE, step)).keypoints for step in range(9)])
    wanted[4, 7] = 0
    np.testing.assert_allclose(found.poses.keypoints[0], wanted, atol=1e-3)
    assert found.poses.scores[0, 4, 7] == 0


def test_assembling_smooths_each_track_for_itself():
    seen = [frame(t0=moved(LARGE, step**2 / 4)) for step in range(6)] + [frame(t1=moved(LARGE, 500))] * 6
    found = assemble(seen, layout="coco17", persons=1, smooth=5)
    np.testing.assert_allclose(
        found.poses.keypoints[0, 6:], people(moved(LARGE, 500)).keypoints.repeat(6, 0), atol=1e-3
    )


def test_refused():
    with pytest.raises(InputError, match="frames and persons to assemble must be 1 or more, got 0 and 2"):
        assemble([], layout="coco17")
