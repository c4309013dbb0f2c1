"""Input of motion programs, and the tracks over time of which motions are composed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.people import Person


@dataclass(frozen=True, repr=False)
class Actor:
    """Input of a motion program.

    Args:
        person: body and tempo.
        rng: generator of all random numbers of the motion.
        times: seconds of the frames, ``[T]``.
        tempo: factor on speed, of the person and of this performance.
        still: whether quick oscillations of the hands are stopped.
        toward: horizontal unit vector from the person to the camera, in the body frame, ``[3]``.
    """

    person: Person
    rng: np.random.Generator
    times: np.ndarray
    tempo: float
    still: bool
    toward: np.ndarray


def stack_vector(*values: float | np.ndarray) -> np.ndarray:
    """Return three coordinates, numbers or tracks ``[T]``, as one array ``[..., 3]``."""
    return np.stack(np.broadcast_arrays(*(np.asarray(value, float) for value in values)), axis=-1)


def normalize(vectors: np.ndarray) -> np.ndarray:
    """Return vectors ``[..., 3]`` at unit length."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def smoothstep(share: np.ndarray) -> np.ndarray:
    """Return a transition from 0 to 1 without speed at both ends, symmetric in time."""
    share = np.clip(share, 0.0, 1.0)
    return share * share * (3 - 2 * share)


def back_and_forth(actor: Actor, *, period: float, hold: float = 1.5) -> np.ndarray:
    """Return a periodic track between 0 and 1 from a random phase, ``[T]``; ``hold`` above 1 rests at both ends."""
    phase = actor.rng.random()
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * (actor.times * actor.tempo / period + phase))
    return smoothstep(hold * (wave - 0.5) + 0.5)


def transition(actor: Actor, *, duration: float) -> np.ndarray:
    """Return a track that changes once from 0 to 1, near the middle of the clip, ``[T]``."""
    middle = actor.times.mean() + actor.rng.uniform(-0.15, 0.15)
    return smoothstep((actor.times - middle) * actor.tempo / duration + 0.5)


def oscillation_angle(actor: Actor, low: float, high: float) -> np.ndarray:
    """Return the angle of an oscillation at ``low`` to ``high`` hertz, ``[T]``; one random angle if ``still``."""
    frequency = actor.rng.uniform(low, high)
    phase = actor.rng.uniform(0, 2 * np.pi)
    angle = 2 * np.pi * frequency * actor.times + phase
    frame = actor.rng.integers(len(angle))
    return np.full_like(angle, angle[frame]) if actor.still else angle
