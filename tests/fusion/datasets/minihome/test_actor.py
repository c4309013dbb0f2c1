"""Tracks of motions: transitions are smooth, and only still actors stop an oscillation."""

from dataclasses import replace

import numpy as np
import pytest

from triad.fusion.datasets.minihome.actor import Actor, back_and_forth, oscillation_angle, smoothstep, transition
from triad.fusion.datasets.minihome.people import make_person


@pytest.fixture
def actor() -> Actor:
    toward = np.array([0.0, 0.0, 1.0])
    return Actor(make_person(0, "s01"), np.random.default_rng(0), np.arange(30) / 15, 1.0, False, toward)


def restart(actor: Actor, **fields) -> Actor:
    return replace(actor, rng=np.random.default_rng(0), **fields)


def test_smoothstep() -> None:
    assert smoothstep(np.array([-1.0, 0.0, 0.25, 0.5, 1.0, 2.0])).tolist() == [0.0, 0.0, 0.15625, 0.5, 1.0, 1.0]


def test_transition_goes_from_zero_to_one(actor) -> None:
    track = transition(actor, duration=0.5)
    assert (track[0], track[-1]) == (0.0, 1.0)
    assert (np.diff(track) >= 0).all()


def test_still_oscillation_is_an_angle(actor) -> None:
    moving = oscillation_angle(restart(actor), 3.0, 4.5)
    still = oscillation_angle(restart(actor, still=True), 3.0, 4.5)
    assert len(set(still)) == 1
    assert still[0] in moving
    frequency = (moving[-1] - moving[0]) / (2 * np.pi * 29 / 15)
    assert 3.0 <= frequency <= 4.5


def test_oscillation_stays_in_unit_range(actor) -> None:
    track = back_and_forth(replace(actor, times=np.arange(60) / 15), period=1.0)
    assert (track.min(), track.max()) == (0.0, 1.0)
    np.testing.assert_allclose(track[:45], track[15:], atol=1e-9)
