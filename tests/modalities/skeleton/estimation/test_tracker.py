import numpy as np
import pytest
from people import people

from modalities.checks import InputError
from modalities.skeleton.pose_estimation.interfaces import FramePoses
from modalities.skeleton.pose_estimation.tracker import Tracker

A, B = (0, 0, 20, 60), (40, 0, 60, 60)


def at(box, shift, score=0.9):
    return (box[0] + shift, box[1], box[2] + shift, box[3], score)


def ids(tracked):
    return [each.ids.tolist() for each in tracked]


def test_two_who_walk_keep_their_numbers_whatever_the_order():
    frames = [people(*[at(A, step), at(B, -step)][:: 1 if step % 2 else -1]) for step in range(8)]
    tracked = Tracker("coco17")(frames)
    assert ids(tracked) == [[0, 1] if step % 2 == 0 else [1, 0] for step in range(8)]
    assert tracked[0].people.boxes[0, 0] == 40  # B came first in the first frame


def test_calls_of_any_length_give_the_same():
    frames = [people(at(A, step), at(B, -step)) for step in range(9)]
    whole, parts = Tracker("coco17")(frames), Tracker("coco17")
    assert ids(whole) == ids([one for start in (0, 1, 5) for one in parts(frames[start : {0: 1, 1: 5, 5: 9}[start]])])


def test_who_is_unseen_for_longer_than_the_gap_is_somebody_else():
    for unseen, number in ((3, 0), (4, 1)):
        tracked = Tracker("coco17", gap=3)([people(at(A, 0)), *[people()] * unseen, people(at(A, 1))])
        assert ids(tracked)[-1] == [number]


def test_who_the_detector_is_not_sure_of_goes_on_but_does_not_begin():
    tracked = Tracker("coco17", start=0.5)([people(at(A, 0, 0.4)), people(at(A, 0)), people(at(A, 1, 0.2))])
    assert ids(tracked) == [[], [0], [0]]
    assert [len(each.people) for each in tracked] == [0, 1, 1]


def test_where_boxes_are_the_same_joints_decide():
    first = people((0, 0, 50, 60, 0.9), (2, 0, 52, 60, 0.9))
    moved = first.keypoints.copy()
    moved[1] += (12, 9)
    first = FramePoses(moved, first.scores, first.boxes, first.box_scores)
    swapped = FramePoses(moved[::-1].copy(), first.scores, first.boxes, first.box_scores)
    assert ids(Tracker("coco17")([first, swapped])) == [[0, 1], [1, 0]]


def test_memory_is_the_last_pose_of_each_track():
    tracker = Tracker("coco17", gap=2)
    for step in range(50):
        tracker([people(at(A, 100 * step))])  # always somebody new
    assert len(tracker._tracks) == 3


def test_refused():
    with pytest.raises(InputError, match="gap of the tracker must not be negative, got -1"):
        Tracker("coco17", gap=-1)


def test_people_are_checked():
    one = people(at(A, 0))
    with pytest.raises(InputError, match=r"FramePoses\.scores must have shape"):
        FramePoses(one.keypoints, one.scores[:, :3], one.boxes, one.box_scores)
    with pytest.raises(InputError, match=r"FramePoses\.boxes must be float32, got float64"):
        FramePoses(one.keypoints, one.scores, one.boxes.astype(float), one.box_scores)
    with pytest.raises(InputError, match=r"FramePoses\.keypoints must be finite"):
        FramePoses(one.keypoints * np.float32(np.nan), one.scores, one.boxes, one.box_scores)
