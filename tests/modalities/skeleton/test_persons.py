from functools import partial

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses
from triad.modalities.skeleton.persons import denoise, link_tracks, motion_of, select_persons

FRAMES = 40


def track(first: int, last: int, *, x: float = 0.0, speed: float = 0.0, tall: float = 1.7, wide: float = 0.5):
    """Return keypoints ``[T, V, 3]`` and scores ``[T, V]`` of a body visible from frame ``first`` to ``last``."""
    points = np.zeros((FRAMES, 25, 3), np.float32)
    scores = np.zeros((FRAMES, 25), np.float32)
    frames = np.arange(first, last + 1)
    points[frames, :, 0] = x + np.linspace(-wide / 2, wide / 2, 25) + speed * frames[:, None]
    points[frames, :, 1] = np.linspace(-tall / 2, tall / 2, 25)
    points[frames, :, 2] = 3
    scores[frames] = 1
    return points, scores


def poses(*tracks, pixels: bool = False) -> Poses:  # type: ignore[no-untyped-def]
    points, scores = (np.stack(arrays) for arrays in zip(*tracks, strict=True))
    return Poses(points, scores, "ntu25", points[..., :2].copy() if pixels else None)


def frames_of(result: Poses) -> list[list[int]]:
    """Return first frame, last frame and number of frames of each person."""
    visible = [np.flatnonzero(person.any(-1)) for person in result.scores]
    return [[int(t[0]), int(t[-1]), len(t)] if len(t) else [] for t in visible]


def test_near_new_id_is_same_person() -> None:
    original = poses(track(0, 9), track(12, 20, x=0.3), track(21, 39, x=0.2), pixels=True)
    result = link_tracks(original)
    assert frames_of(result) == [[0, 39, 38]]
    assert not result.scores[0, [10, 11]].any()  # frames between them stay missing
    assert not result.keypoints[0, [10, 11]].any()
    assert np.array_equal(result.keypoints[0, 15], original.keypoints[1, 15])
    assert result.pixels is not None
    assert np.array_equal(result.pixels[0, 15], original.keypoints[1, 15, :, :2])


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
def test_far_or_late_id_is_another(second, persons: int) -> None:  # type: ignore[no-untyped-def]
    result = link_tracks(poses(track(0, 9), second))
    assert len(result.keypoints) == persons


def test_nearest_pair_is_joined_once() -> None:
    result = link_tracks(poses(track(0, 9, x=0.0), track(0, 9, x=0.4), track(12, 39, x=0.3)))
    assert frames_of(result) == [[0, 9, 10], [0, 39, 38]]
    result = link_tracks(poses(track(0, 9, x=0.3), track(12, 39, x=0.0), track(12, 39, x=0.4)))
    assert frames_of(result) == [[0, 39, 38], [12, 39, 28]]
    assert np.isclose(result.keypoints[0, 20, 12, 0], 0.4)


def test_moving_body_is_followed() -> None:
    assert len(link_tracks(poses(track(0, 9, speed=0.2), track(10, 39, x=1.9))).keypoints) == 1
    assert len(link_tracks(poses(track(0, 9, speed=0.2), track(10, 39, x=0.0))).keypoints) == 2


def test_nobody_and_one_are_unchanged() -> None:
    nobody = Poses(np.zeros((1, 3, 25, 3), np.float32), np.zeros((1, 3, 25), np.float32), "ntu25")
    one = poses(track(0, 39))
    for select in (link_tracks, denoise, partial(select_persons, max_persons=2)):
        for original in (nobody, one):
            result = select(original)
            assert np.array_equal(result.keypoints, original.keypoints)
            assert np.array_equal(result.scores, original.scores)


def test_motion_is_variance_of_visible_joints() -> None:
    points = np.float32([[[[0, 0, 0], [2, 0, 0]], [[0, 4, 0], [9, 9, 9]]]])
    visible = np.array([[[True, True], [True, False]]])
    assert np.isclose(motion_of(points, visible)[0], np.var([0, 2, 0]) + np.var([0, 0, 4]))
    assert motion_of(points, np.zeros_like(visible))[0] == 0


def test_moving_person_comes_first() -> None:
    original = poses(track(0, 39), track(0, 39, speed=0.05), track(0, 39, speed=0.02), track(0, 39, speed=0.0))
    result = select_persons(original, max_persons=3)
    assert np.array_equal(result.keypoints, original.keypoints[[1, 2, 0]])
    original.scores[0, :, :5] = 3
    assert np.array_equal(select_persons(original, max_persons=1, by="score").keypoints, original.keypoints[[0]])


def test_invisible_persons_are_not_selected() -> None:
    points, scores = track(0, 39)
    assert frames_of(select_persons(poses((points, 0 * scores), (points, scores)), max_persons=2)) == [[0, 39, 40]]


@pytest.mark.parametrize(
    ("noise", "persons"),
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
def test_false_detections_are_dropped(noise, persons: int) -> None:  # type: ignore[no-untyped-def]
    body = track(0, 39, speed=0.01)
    assert len(denoise(poses(noise, body)).keypoints) == persons
    assert len(denoise(poses(noise)).keypoints) == 1  # somebody always stays


def test_body_lying_for_a_while_stays() -> None:
    lying = track(0, 25, wide=1.7, tall=0.3)
    standing = track(26, 39)
    body = (lying[0] + standing[0], lying[1] + standing[1])  # 26 of 40 frames: 65 %
    assert len(denoise(poses(body, track(0, 39))).keypoints) == 2
    longer = (track(0, 28, wide=1.7, tall=0.3), track(29, 39))  # 29 of 40: 72.5 %
    assert len(denoise(poses((longer[0][0] + longer[1][0], longer[0][1] + longer[1][1]), track(0, 39))).keypoints) == 1


def test_moving_one_of_two_stays() -> None:
    original = poses(track(0, 5, speed=0.01), track(0, 5, speed=0.1))
    assert np.array_equal(denoise(original).keypoints, original.keypoints[[1]])


def test_wrong_options_are_refused() -> None:
    original = poses(track(0, 39))
    with pytest.raises(InputError, match=r"gap and distance of link_tracks must not be negative, got -1 and 0\.5"):
        link_tracks(original, gap=-1)
    with pytest.raises(InputError, match="max_persons of select_persons must be 1 or more, got 0"):
        select_persons(original, max_persons=0)
    with pytest.raises(InputError, match="by of select_persons must be one of motion, score, got 'scores'"):
        select_persons(original, max_persons=1, by="scores")
    flat = Poses(np.ones((1, 2, 17, 2), np.float32), np.ones((1, 2, 17), np.float32), "coco17")
    with pytest.raises(InputError, match="layout of poses to denoise must be 3D, got 'coco17'"):
        denoise(flat)
