import pytest
from frame_poses import make_frame_poses

from triad.modalities.checks import InputError
from triad.modalities.skeleton.pose_estimation import FramePoses, Tracker

A = (0, 0, 20, 60)
B = (40, 0, 60, 60)


def shift_box(box, distance, score=0.9):
    return (box[0] + distance, box[1], box[2] + distance, box[3], score)


def ids_of(tracked):
    return [frame.track_ids.tolist() for frame in tracked]


def test_ids_follow_walking_persons():
    order = {0: 1, 1: -1}
    frames = [make_frame_poses(*[shift_box(A, step), shift_box(B, -step)][:: order[step % 2]]) for step in range(8)]
    tracked = Tracker("coco17")(frames)
    assert ids_of(tracked) == [[0, 1] if step % 2 == 0 else [1, 0] for step in range(8)]


def test_length_of_calls_does_not_matter():
    frames = [make_frame_poses(shift_box(A, step), shift_box(B, -step)) for step in range(9)]
    whole = Tracker("coco17")(frames)
    tracker = Tracker("coco17")
    chunks = [frame for start, stop in ((0, 1), (1, 5), (5, 9)) for frame in tracker(frames[start:stop])]
    assert ids_of(whole) == ids_of(chunks)


@pytest.mark.parametrize(("num_missed", "track_id"), [(3, 0), (4, 1)])
def test_track_ends_after_the_gap(num_missed, track_id):
    frames = [make_frame_poses(shift_box(A, 0)), *[make_frame_poses()] * num_missed, make_frame_poses(shift_box(A, 1))]
    assert ids_of(Tracker("coco17", gap=3)(frames))[-1] == [track_id]


def test_low_scores_continue_but_never_begin():
    scores = (0.4, 0.9, 0.2)
    frames = [make_frame_poses(shift_box(A, step, score)) for step, score in enumerate(scores)]
    tracked = Tracker("coco17", start=0.5)(frames)
    assert ids_of(tracked) == [[], [0], [0]]
    assert [len(frame.poses) for frame in tracked] == [0, 1, 1]


def test_joints_decide_where_boxes_agree():
    first = make_frame_poses((0, 0, 50, 60, 0.9), (2, 0, 52, 60, 0.9))
    keypoints = first.keypoints.copy()
    keypoints[1] += (12, 9)
    first = FramePoses(keypoints, first.scores, first.boxes, first.box_scores)
    swapped = FramePoses(keypoints[::-1].copy(), first.scores, first.boxes, first.box_scores)
    assert ids_of(Tracker("coco17")([first, swapped])) == [[0, 1], [1, 0]]


def test_old_tracks_are_forgotten():
    tracker = Tracker("coco17", gap=2)
    for step in range(50):
        tracker([make_frame_poses(shift_box(A, 100 * step))])  # always somebody new
    assert len(tracker._tracks) == 3


def test_negative_gap_is_refused():
    with pytest.raises(InputError, match="gap of the tracker must not be negative, got -1"):
        Tracker("coco17", gap=-1)
