"""What people do in a video, and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from triad.fusion.datasets.minihome import SUBJECTS
from triad.fusion.datasets.minihome.prepare import PROTOCOLS
from triad.fusion.datasets.minihome.untrimmed.prepare import plan_videos
from triad.fusion.datasets.minihome.untrimmed.schedule import PLACES, Schedule, VideoSpec, plan_video


@pytest.fixture(scope="module")
def planned() -> list[tuple[VideoSpec, Schedule]]:
    return plan_videos(0, 2, 60.0)


def test_actions_lie_within_their_video(planned):
    assert len(planned) == 40
    for _, schedule in planned:
        assert 51 * 15 <= schedule.num_frames <= 69 * 15
        for person in schedule.people:
            assert person.actions
            assert all(0 <= action.first < action.end <= schedule.num_frames for action in person.actions)


def test_one_body_does_one_action(planned):
    for _, schedule in planned:
        for person in schedule.people:
            main = [action for action in person.actions if not action.free_hand]
            assert all(earlier.end <= later.first for earlier, later in pairwise(main))


def test_free_hand_overlaps_other_action(planned):
    overlaps = 0
    for _, schedule in planned:
        for person in schedule.people:
            for action in person.actions:
                beside = [other for other in person.actions if other.first < action.end and other.end > action.first]
                if action.free_hand:
                    assert {other.clip.pair.name for other in beside} <= {"hand", "drink", "hat"}
                    overlaps += len(beside) > 1
    assert overlaps > 20


def test_sitting_and_getting_up_take_turns(planned):
    for _, schedule in planned:
        for person in schedule.people:
            turns = [action for action in person.actions if action.clip.pair.name == "chair"]
            assert [action.clip.has_difference for action in turns] == [bool(n % 2) for n in range(len(turns))]


def test_places_offer_what_is_done(planned):
    for _, schedule in planned:
        for person in schedule.people:
            assert {action.clip.pair.name for action in person.actions} <= {*PLACES[person.place].pairs}


def test_second_person_is_of_same_split(planned):
    rule = PROTOCOLS["cross_subject"]
    pairs = [[person.subject for person in schedule.people] for _, schedule in planned]
    two = [names for names in pairs if len(names) == 2]
    assert 8 <= len(two) <= 24
    assert all(names[0] != names[1] and rule({"subject": names[0]}) == rule({"subject": names[1]}) for names in two)


def test_performances_of_people_differ(planned):
    keys = [
        (action.clip.pair.name, action.clip.subject, action.clip.repetition)
        for _, schedule in planned
        for person in schedule.people
        for action in person.actions
    ]
    assert len(set(keys)) == len(keys)


def test_schedule_depends_on_seed_alone():
    video = VideoSpec(4, "s03", 1, 30.0)
    assert plan_video(video, SUBJECTS) == plan_video(video, SUBJECTS)
    assert plan_video(video, SUBJECTS) != plan_video(VideoSpec(5, "s03", 1, 30.0), SUBJECTS)
