import numpy as np
import pytest

from modalities.checks import InputError
from modalities.skeleton.persons import choose, denoise, link, motion_of
from modalities.skeleton.poses import Poses

FRAMES = 40


def track(first: int, last: int, *, x: float = 0.0, speed: float = 0.0, tall: float = 1.7, wide: float = 0.5):
    """A body of 25 joints that is seen from frame ``first`` to ``last``: keypoints ``[T, V, 3]``, scores ``[T, V]``."""
    points, scores = np.zeros((FRAMES, 25, 3), np.float32), np.zeros((FRAMES, 25), np.float32)
    frames = np.arange(first, last + 1)
    points[frames, :, 0] = x + np.linspace(-wide / 2, wide / 2, 25) + speed * frames[:, None]
    points[frames, :, 1] = np.linspace(-tall / 2, tall / 2, 25)
    points[frames, :, 2] = 3
    scores[frames] = 1
    return points, scores


def poses(*tracks, pixels: bool = False) -> Poses:  # type: ignore[no-untyped-def]
    points, scores = (np.stack(arrays) for arrays in zip(*tracks, strict=True))
    return Poses(points, scores, "ntu25", points[..., :2].copy() if pixels else None)


def frames_of(found: Poses) -> list[list[int]]:
    """First and last frame and number of frames of each person."""
    seen = [np.flatnonzero(person.any(-1)) for person in found.scores]
    return [[int(t[0]), int(t[-1]), len(t)] if len(t) else [] for t in seen]


def test_a_new_id_near_where_the_old_one_ended_is_the_same_person() -> None:
    given = poses(track(0, 9), track(12, 20, x=0.3), track(21, 39, x=0.2), pixels=True)
    found = link(given)
    assert frames_of(found) == [[0, 39, 38]]
    assert not found.scores[0, [10, 11]].any()  # what is between them stays lost
    assert not found.keypoints[0, [10, 11]].any()
    assert np.array_equal(found.keypoints[0, 15], given.keypoints[1, 15])
    assert found.pixels is not None
    assert np.array_equal(found.pixels[0, 15], given.keypoints[1, 15, :, :2])


@pytest.mark.parametrize(
    ("second", "persons"),
    [
        (track(19, 39), 1),
        (track(20, 39), 2),  # 11 frames later
        (track(12, 39, x=0.49), 1),
        (track(12, 39, x=0.51), 2),
        (track(9, 39), 2),  # both in frame 9
        (track(5, 39), 2),
    ],
)
def test_far_away_long_after_or_at_the_same_time_is_another_person(second, persons: int) -> None:  # type: ignore[no-untyped-def]
    found = link(poses(track(0, 9), second))
    assert len(found.keypoints) == persons


def test_the_nearest_pair_is_joined_and_each_track_once() -> None:
    found = link(poses(track(0, 9, x=0.0), track(0, 9, x=0.4), track(12, 39, x=0.3)))
    assert frames_of(found) == [[0, 9, 10], [0, 39, 38]]
    found = link(poses(track(0, 9, x=0.3), track(12, 39, x=0.0), track(12, 39, x=0.4)))
    assert frames_of(found) == [[0, 39, 38], [12, 39, 28]]
    assert np.isclose(found.keypoints[0, 20, 12, 0], 0.4)


def test_a_body_that_moves_is_followed_to_where_it_ended() -> None:
    assert len(link(poses(track(0, 9, speed=0.2), track(10, 39, x=1.9))).keypoints) == 1
    assert len(link(poses(track(0, 9, speed=0.2), track(10, 39, x=0.0))).keypoints) == 2


def test_nobody_and_one_stay_as_they_are() -> None:
    nobody = Poses(np.zeros((1, 3, 25, 3), np.float32), np.zeros((1, 3, 25), np.float32), "ntu25")
    one = poses(track(0, 39))
    for same in (link, denoise, lambda given: choose(given, most=2)):
        for given in (nobody, one):
            found = same(given)
            assert np.array_equal(found.keypoints, given.keypoints)
            assert np.array_equal(found.scores, given.scores)


def test_motion_is_the_variance_of_seen_joints() -> None:
    points = np.float32([[[[0, 0, 0], [2, 0, 0]], [[0, 4, 0], [9, 9, 9]]]])
    seen = np.array([[[True, True], [True, False]]])
    assert np.isclose(motion_of(points, seen)[0], np.var([0, 2, 0]) + np.var([0, 0, 4]))
    assert motion_of(points, np.zeros_like(seen))[0] == 0


def test_the_one_who_moves_comes_first() -> None:
    given = poses(track(0, 39), track(0, 39, speed=0.05), track(0, 39, speed=0.02), track(0, 39, speed=0.0))
    found = choose(given, most=3)
    assert np.array_equal(found.keypoints, given.keypoints[[1, 2, 0]])
    given.scores[0, :, :5] = 3
    assert np.array_equal(choose(given, most=1, by="score").keypoints, given.keypoints[[0]])


def test_persons_who_are_never_seen_are_not_chosen() -> None:
    points, scores = track(0, 39)
    assert frames_of(choose(poses((points, 0 * scores), (points, scores)), most=2)) == [[0, 39, 40]]


@pytest.mark.parametrize(
    ("noise", "kept"),
    [
        (track(0, 10), 1),  # 11 frames
        (track(0, 11), 2),
        (track(0, 39, wide=1.5, tall=1.7), 1),  # wider than 0.8 of its height
        (track(0, 39, wide=1.3, tall=1.7), 2),
        (track(0, 39, wide=0.3, tall=0.8), 1),  # motion of 0.071
        (track(0, 39, wide=0.3, tall=1.0), 2),  # of 0.098
        (track(0, 39, speed=0.2), 1),  # of 5.6
    ],
)
def test_what_is_no_body_is_dropped(noise, kept: int) -> None:  # type: ignore[no-untyped-def]
    body = track(0, 39, speed=0.01)
    assert len(denoise(poses(noise, body)).keypoints) == kept
    assert len(denoise(poses(noise)).keypoints) == 1  # somebody always stays


def test_a_body_that_lies_down_for_a_while_stays() -> None:
    lying, standing = track(0, 25, wide=1.7, tall=0.3), track(26, 39)
    one = (lying[0] + standing[0], lying[1] + standing[1])  # 26 of 40 frames: 65 %
    assert len(denoise(poses(one, track(0, 39))).keypoints) == 2
    longer = (track(0, 28, wide=1.7, tall=0.3), track(29, 39))  # 29 of 40: 72.5 %
    assert len(denoise(poses((longer[0][0] + longer[1][0], longer[0][1] + longer[1][1]), track(0, 39))).keypoints) == 1


def test_of_two_that_fail_the_one_who_moves_stays() -> None:
    given = poses(track(0, 5, speed=0.01), track(0, 5, speed=0.1))
    assert np.array_equal(denoise(given).keypoints, given.keypoints[[1]])


def test_wrong_options_are_refused() -> None:
    given = poses(track(0, 39))
    with pytest.raises(InputError, match=r"gap and distance of link must not be negative, got -1 and 0\.5"):
        link(given, gap=-1)
    with pytest.raises(InputError, match="most persons to choose must be 1 or more, got 0"):
        choose(given, most=0)
    with pytest.raises(InputError, match="by of persons to choose must be one of motion, score, got 'scores'"):
        choose(given, most=1, by="scores")
    flat = Poses(np.ones((1, 2, 17, 2), np.float32), np.ones((1, 2, 17), np.float32), "coco17")
    with pytest.raises(InputError, match="layout of poses to denoise must be 3D, got 'coco17'"):
        denoise(flat)
