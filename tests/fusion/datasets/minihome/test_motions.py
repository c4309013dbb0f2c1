"""Motion programs draw the same random numbers in both classes of a pair."""

from dataclasses import replace

import numpy as np
import pytest

from triad.fusion.datasets.minihome.actor import Actor
from triad.fusion.datasets.minihome.motions import PROGRAMS
from triad.fusion.datasets.minihome.pairs import PAIRS
from triad.fusion.datasets.minihome.people import make_person


@pytest.fixture
def actor() -> Actor:
    toward = np.array([0.0, 0.0, 1.0])
    return Actor(make_person(0, "s01"), np.random.default_rng(0), np.arange(30) / 15, 1.0, False, toward)


def restart(actor: Actor, **fields) -> Actor:
    return replace(actor, rng=np.random.default_rng(0), **fields)


def test_every_pair_has_a_program() -> None:
    assert set(PROGRAMS) == {pair.name for pair in PAIRS}


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
