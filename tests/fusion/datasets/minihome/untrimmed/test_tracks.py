"""Bodies over a whole video."""

from __future__ import annotations

import numpy as np

from triad.fusion.datasets.minihome import CLASSES, ClipSpec
from triad.fusion.datasets.minihome.body import POINTS
from triad.fusion.datasets.minihome.people import make_person
from triad.fusion.datasets.minihome.untrimmed.schedule import PlannedAction, PlannedPerson
from triad.fusion.datasets.minihome.untrimmed.tracks import SEAT_HEIGHT, apply_depth, body_track, envelope, soften

TOWARD = np.array([0.0, 0.0, 1.0])
PERSON = make_person(0, "s01")


def plan(*actions: tuple[str, int, int, bool]) -> PlannedPerson:
    planned = [
        PlannedAction(ClipSpec(0, CLASSES.index(name), "s01", 1000 + n), first, end, free_hand=free)
        for n, (name, first, end, free) in enumerate(actions)
    ]
    return PlannedPerson("s01", "chair", 0.0, tuple(planned))


def track_of(planned: PlannedPerson, num_frames: int) -> np.ndarray:
    return body_track(planned, PERSON, TOWARD, num_frames, np.random.default_rng(0))


def test_person_stays_seated_after_sitting_down():
    pelvis = track_of(plan(("sit_down", 20, 50, False)), 90)[:, POINTS["pelvis"], 1]
    np.testing.assert_allclose(pelvis[:20], PERSON.standing, atol=0.02)
    np.testing.assert_allclose(pelvis[60:], SEAT_HEIGHT, atol=0.02)


def test_body_never_jumps():
    track = track_of(plan(("drink_from_cup", 10, 60, False), ("sit_down", 60, 90, False)), 120)
    joints = track[:, : POINTS["right_ankle"] + 1]
    assert np.abs(np.diff(joints, axis=0)).max() < 0.15  # 2 m/s


def test_free_hand_leaves_other_arm():
    alone = track_of(plan(("drink_from_cup", 10, 70, False)), 90)
    both = track_of(plan(("drink_from_cup", 10, 70, False), ("offer_hand", 30, 60, True)), 90)
    right, left = POINTS["right_wrist"], POINTS["left_wrist"]
    np.testing.assert_allclose(both[:, right], alone[:, right])
    np.testing.assert_allclose(both[:30, left], alone[:30, left])
    assert np.abs(both[30:60, left] - alone[30:60, left]).max() > 0.2
    np.testing.assert_allclose(both[60:, left], alone[60:, left])


def test_depth_changes_no_pixel():
    planned = plan(("withdraw_hand", 10, 50, False))
    points = track_of(planned, 60) @ np.diag([1.0, -1.0, -1.0]) + [0.0, 0.9, 3.0]
    mirrored = apply_depth(points, planned, mirrored=False)
    joints = slice(0, POINTS["right_ankle"] + 1)
    np.testing.assert_allclose(
        mirrored[:, joints, :2] / mirrored[:, joints, 2:], points[:, joints, :2] / points[:, joints, 2:], atol=1e-9
    )
    assert np.abs(mirrored[:, joints, 2] - points[:, joints, 2]).max() > 0.2


def test_envelope_is_zero_outside_action():
    weight = envelope(plan(("offer_hand", 10, 40, False)).actions[0], 50)
    assert not weight[:10].any()
    assert not weight[40:].any()
    assert (weight[20:30] == 1).all()


def test_soft_transition_ends_at_new_pose():
    track = np.zeros((20, len(POINTS), 3))
    track[10:] = 1.0
    softened = soften(track, [10])[:, 0, 0]
    assert (softened[:10] == 0).all()
    assert (np.diff(softened[9:18]) > 0).all()
    assert (softened[17:] == 1).all()
