"""Motion programs draw the same random numbers in both classes, and stop oscillations only where they are told to."""

from dataclasses import replace

import numpy as np
import pytest

from fusion.datasets.minihome.motions import PROGRAMS, Actor, oscillation_angle, smoothstep, transition
from fusion.datasets.minihome.pairs import PAIRS
from fusion.datasets.minihome.people import make_person


@pytest.fixture
def actor() -> Actor:
    toward = np.array([0.0, 0.0, 1.0])
    return Actor(make_person(0, "s01"), np.random.default_rng(0), np.arange(30) / 15, 1.0, False, toward)


def restart(actor: Actor, **fields) -> Actor:
    return replace(actor, rng=np.random.default_rng(0), **fields)


def test_every_pair_has_a_program() -> None:
    assert set(PROGRAMS) == {pair.name for pair in PAIRS}


def test_smoothstep() -> None:
    assert smoothstep(np.array([-1.0, 0.0, 0.25, 0.5, 1.0, 2.0])).tolist() == [0.0, 0.0, 0.15625, 0.5, 1.0, 1.0]


def test_transition_goes_from_zero_to_one(actor) -> None:
    track = transition(actor, duration=0.5)
    assert (track[0], track[-1]) == (0.0, 1.0)
    assert (np.diff(track) >= 0).all()


def test_still_oscillation_is_one_of_its_angles(actor) -> None:
    moving = oscillation_angle(restart(actor), 3.0, 4.5)
    still = oscillation_angle(restart(actor, still=True), 3.0, 4.5)
    assert len(set(still)) == 1
    assert still[0] in moving
    frequency = (moving[-1] - moving[0]) / (2 * np.pi * 29 / 15)
    assert 3.0 <= frequency <= 4.5


@pytest.mark.parametrize("name", PROGRAMS)
def test_still_draws_same_random_numbers(actor, name) -> None:
    states = []
    for still in (False, True):
        other = restart(actor, still=still)
        motion = PROGRAMS[name](other)
        states.append(other.rng.bit_generator.state)
        assert motion.wrists.shape == motion.fingers.shape == (30, 2, 3)
        np.testing.assert_allclose(np.linalg.norm(motion.fingers, axis=-1), 1.0)
    assert states[0] == states[1]
