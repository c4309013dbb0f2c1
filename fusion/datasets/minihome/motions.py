"""One motion program per pair, played for the pair's first class; what differs is changed afterwards or by ``still``.

A program is a function from an :class:`Actor` to a :class:`~fusion.datasets.minihome.body.Motion`. It always acts with
the right hand; mirrored performances are made from the joints. It draws the same random numbers whatever ``still`` is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from fusion.datasets.minihome.body import Motion
from fusion.datasets.minihome.people import Person

SEAT = 0.44  # metres above the floor
SEAT_BACK = 0.36  # metres from the feet of a standing person to the middle of the seat
DESK = 0.74
DESK_FRONT = 0.46  # metres from the pelvis of the one who sits to the middle of the keyboard
STOVE = 0.86
STOVE_FRONT = 0.46
POT_HEIGHT, POT_RADIUS = 0.15, 0.15
CUP = 0.21  # heights of held things, metres
BOARD = 0.30


@dataclass(frozen=True, repr=False)
class Actor:
    """Who plays, how fast, and from where it is filmed.

    Args:
        times: seconds of the frames, ``[T]``.
        tempo: factor on speed, of the person and of this performance.
        still: whether the beat of the hand stands still.
        toward: unit vector from the person to the camera, horizontal, in the body frame ``[3]``.
    """

    person: Person
    rng: np.random.Generator
    times: np.ndarray
    tempo: float
    still: bool
    toward: np.ndarray


def vector(*values: float | np.ndarray) -> np.ndarray:
    """Numbers and tracks ``[T]`` as one array ``[..., 3]``."""
    return np.stack(np.broadcast_arrays(*(np.asarray(value, float) for value in values)), axis=-1)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def smooth(share: np.ndarray) -> np.ndarray:
    """From 0 to 1 with rest at both ends, symmetric in time."""
    share = np.clip(share, 0.0, 1.0)
    return share * share * (3 - 2 * share)


def cycle(actor: Actor, *, period: float, hold: float = 1.5) -> np.ndarray:
    """There and back again and again from a random phase, 0–1 ``[T]``; ``hold`` above 1 rests at both ends."""
    phase = actor.rng.random()
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * (actor.times * actor.tempo / period + phase))
    return smooth(hold * (wave - 0.5) + 0.5)


def once(actor: Actor, *, duration: float) -> np.ndarray:
    """0 before, 1 after a change near the middle of the clip, ``[T]``."""
    middle = actor.times.mean() + actor.rng.uniform(-0.15, 0.15)
    return smooth((actor.times - middle) * actor.tempo / duration + 0.5)


def beat(actor: Actor, low: float, high: float) -> np.ndarray:
    """The angle of a quick movement of ``low`` to ``high`` hertz, ``[T]``; one random angle where it stands still."""
    frequency, phase = actor.rng.uniform(low, high), actor.rng.uniform(0, 2 * np.pi)
    angle = 2 * np.pi * frequency * actor.times + phase
    at = actor.rng.integers(len(angle))
    return np.full_like(angle, angle[at]) if actor.still else angle


def stand(actor: Actor) -> Motion:
    """Standing at ease: arms hang, the body wanders a little."""
    person, times, rng = actor.person, actor.times, actor.rng
    wander = np.zeros((len(times), 3))
    for axis, share in ((0, 1.0), (2, 0.7)):
        for frequency in (0.35, 0.8):
            phase = rng.uniform(0, 2 * np.pi)
            wander[:, axis] += share * person.sway * np.sin(2 * np.pi * frequency * times + phase)
    pelvis = wander + vector(0.0, person.standing, 0.0)
    shoulders = pelvis[:, None] + np.array([[1.0], [-1.0]]) * [person.shoulder, 0, 0] + [0, person.trunk - 0.03, 0]
    hang = np.array([[0.05, -0.96 * person.arm, 0.05], [-0.05, -0.96 * person.arm, 0.05]])
    ones = np.ones((len(times), 1, 1))
    return Motion(
        pelvis=pelvis,
        lean=np.full(len(times), rng.uniform(0.0, 0.05)),
        wrists=shoulders + hang,
        fingers=ones * unit(np.array([[0.05, -1.0, 0.1], [-0.05, -1.0, 0.1]])),
        elbows=ones * np.array([[0.35, -0.3, -1.0], [-0.35, -0.3, -1.0]]),
        ankles=np.array([[person.hip + 0.03, person.ankle, 0.0], [-person.hip - 0.03, person.ankle, 0.0]]),
    )


def with_right(motion: Motion, **tracks: np.ndarray) -> Motion:
    """The motion with other tracks of the right arm: ``wrists``, ``fingers`` or ``elbows``, ``[T, 3]`` or ``[3]``."""
    changed = {}
    for name, track in tracks.items():
        both = np.array(getattr(motion, name))
        both[:, 1] = track
        changed[name] = both
    return replace(motion, **changed)


def shoulder_of(actor: Actor, motion: Motion, side: float = -1.0) -> np.ndarray:
    """Where the shoulder of an upright body is, ``[T, 3]``; the right one by default."""
    person = actor.person
    return motion.pelvis + np.array([side * person.shoulder, person.trunk - 0.03, 0.0])


def drink(actor: Actor) -> Motion:
    """A vessel goes from the chest to the mouth and back."""
    motion, person = stand(actor), actor.person
    lift = cycle(actor, period=2.6)[:, None]
    neck = motion.pelvis + vector(0.0, person.trunk, 0.0)
    low = neck + np.array([-0.10, -0.27, 0.30]) + actor.rng.normal(0, 0.015, 3)
    high = neck + np.array([-0.02, person.neck - 0.09, 0.24])
    start = low + lift * (high - low)
    axis = unit(vector(0.1, 1.0, 0.05) + lift * vector(0.15, 0.0, -0.5))
    grip = start + 0.45 * CUP * axis
    fingers = np.broadcast_to(unit(np.array([0.75, 0.25, 0.35])), grip.shape)
    moved = with_right(
        motion,
        wrists=grip - [0.03, 0.0, 0.0] - person.hand * fingers,
        fingers=fingers,
        elbows=np.array([-0.8, -1.0, 0.0]),
    )
    return replace(moved, prop=np.stack([start, start + CUP * axis], axis=1))


def look(actor: Actor) -> Motion:
    """Both hands hold a board before the chest; the right one wipes over its upper edge now and then."""
    motion, person = stand(actor), actor.person
    wipe = cycle(actor, period=1.7, hold=2.5)[:, None]
    bob = actor.rng.uniform(0.006, 0.014) * np.sin(2 * np.pi * (0.5 * actor.times + actor.rng.random()))
    neck = motion.pelvis + vector(0.0, person.trunk, 0.0)
    center = neck + np.array([0.0, -0.16, 0.33]) + actor.rng.normal(0, 0.012, 3) + vector(0, bob, 0)
    axis = unit(np.array([0.0, 1.0, 0.30]))
    wrists, fingers = [], []
    for side in (1.0, -1.0):
        rest = center + np.array([side * 0.22, -0.13, -0.04])
        raised = center + np.array([side * 0.13, 0.13, -0.02])
        share = wipe if side < 0 else 0.0 * wipe
        wrists.append(rest + share * (raised - rest))
        fingers.append(unit(vector(-side * 0.8, 0.7, 0.25) + share * vector(0.1, -0.3, 0.2)))
    prop = np.stack([center - 0.5 * BOARD * axis, center + 0.5 * BOARD * axis], axis=1)
    return replace(motion, wrists=np.stack(wrists, 1), fingers=np.stack(fingers, 1), prop=prop)


def keyboard(actor: Actor) -> Motion:
    """Sitting at a desk, wrists rest, the hands beat on the keys from the wrist on."""
    motion, person, rng = stand(actor), actor.person, actor.rng
    pelvis = motion.pelvis + vector(0.0, SEAT + 0.09 - person.standing, 0.0)
    wrists, fingers = [], []
    for side in (1.0, -1.0):
        angle = beat(actor, 3.0, 4.5)
        place = np.array([side * 0.10, DESK + 0.075, DESK_FRONT - 0.13]) + rng.normal(0, 0.008, 3)
        swing, aside = 0.30 * np.sin(angle), 0.08 * np.sin(angle + 1.0)
        wrists.append(motion.pelvis * [1, 0, 1] + place)
        fingers.append(unit(vector(-side * 0.1 + aside, 0.05 + swing, 1.0)))
    out = np.ones((len(pelvis), 1, 1)) * np.array([[0.6, -1.0, -0.5], [-0.6, -1.0, -0.5]])
    return Motion(
        pelvis=pelvis,
        lean=motion.lean + rng.uniform(0.08, 0.2),
        wrists=np.stack(wrists, 1),
        fingers=np.stack(fingers, 1),
        elbows=out,
        ankles=motion.ankles + vector(0.0, 0.0, 0.36),
    )


def pot(actor: Actor) -> Motion:
    """Standing at the stove, the wrist rests in the air, hand and spoon stir quickly."""
    motion, person, rng = stand(actor), actor.person, actor.rng
    angle = beat(actor, 3.0, 4.2)
    ground = motion.pelvis * [1, 0, 1]
    wrist = ground + np.array([-0.06, STOVE + POT_HEIGHT + 0.20, STOVE_FRONT - 0.16]) + rng.normal(0, 0.01, 3)
    fingers = unit(vector(0.12 + 0.30 * np.cos(angle), -0.35 + 0.28 * np.sin(angle), 0.9 + 0.25 * np.cos(angle)))
    grip = wrist + 0.8 * person.hand * fingers
    bowl = vector(0.075 * np.cos(angle), STOVE + POT_HEIGHT - 0.01, STOVE_FRONT + 0.065 * np.sin(angle))
    moved = with_right(motion, wrists=wrist, fingers=fingers, elbows=np.array([-0.8, -0.9, -0.4]))
    return replace(moved, prop=np.stack([grip, bowl], axis=1))


def gesture(
    actor: Actor, motion: Motion, *, side: float, low: np.ndarray, high: np.ndarray, share: np.ndarray
) -> Motion:
    """Move one arm between two places given in arm lengths: outwards, up, towards the camera."""
    outward = side * np.cross([0.0, 1.0, 0.0], actor.toward)
    axes = np.stack([outward, [0.0, 1.0, 0.0], actor.toward])
    place = (low + share[:, None] * (high - low)) @ axes * actor.person.arm
    hand = unit(vector(0.15, -1.0, 0.15) + share[:, None] * vector(0.15, 0.9, 0.75)) @ axes
    index = 0 if side > 0 else 1
    wrists, fingers, elbows = (np.array(track) for track in (motion.wrists, motion.fingers, motion.elbows))
    wrists[:, index] = shoulder_of(actor, motion, side) + place
    fingers[:, index] = hand
    elbows[:, index] = np.array([1.0, -0.7, 0.0]) @ axes
    return replace(motion, wrists=wrists, fingers=fingers, elbows=elbows)


def hand(actor: Actor) -> Motion:
    """One hand goes out towards the camera and back to the side."""
    motion = stand(actor)
    share = cycle(actor, period=2.2)
    jitter = actor.rng.normal(0, 0.02, 3)
    low, high = np.array([0.28, -0.86, 0.14]), np.array([0.42, -0.48, 0.62])
    return gesture(actor, motion, side=-1.0, low=low + jitter, high=high + jitter, share=share)


def door(actor: Actor) -> Motion:
    """Both hands go out from beside the shoulders towards the camera and back."""
    motion = stand(actor)
    share = cycle(actor, period=2.0)
    for side in (1.0, -1.0):
        jitter = actor.rng.normal(0, 0.02, 3)
        low, high = np.array([0.46, -0.34, 0.14]), np.array([0.44, -0.10, 0.66])
        motion = gesture(actor, motion, side=side, low=low + jitter, high=high + jitter, share=share)
    return motion


def chair(actor: Actor) -> Motion:
    """From standing to sitting on the chair behind."""
    motion, person = stand(actor), actor.person
    down = once(actor, duration=1.25)
    bow = np.sin(np.pi * down)
    pelvis = motion.pelvis + vector(0.0, down * (SEAT + 0.09 - person.standing), -SEAT_BACK * down)
    lap = np.array([[person.hip + 0.06, SEAT + 0.17, 0.02], [-person.hip - 0.06, SEAT + 0.17, 0.02]])
    wrists = motion.wrists + down[:, None, None] * (lap - motion.wrists)
    wrists[:, :, 2] += 0.12 * bow[:, None]
    share = down[:, None, None]
    fingers = unit((1 - share) * motion.fingers + share * np.array([[-0.1, -0.2, 1.0], [0.1, -0.2, 1.0]]))
    return replace(motion, pelvis=pelvis, lean=motion.lean + 0.55 * bow, wrists=wrists, fingers=fingers)


def hat(actor: Actor) -> Motion:
    """A hand brings a hat from the belly to the head, lets go and sinks."""
    motion, person = stand(actor), actor.person
    middle = actor.times.mean() + actor.rng.uniform(-0.1, 0.1)
    clock = (actor.times - middle) * actor.tempo
    up, away = smooth(clock / 0.75 + 1.0)[:, None], smooth(clock / 0.75)[:, None]
    neck = motion.pelvis + vector(0.0, person.trunk, 0.0)
    worn = neck + vector(0.0, person.neck + 0.045 * person.height, 0.02 + 0.6 * person.neck * np.sin(motion.lean))
    carried = neck + np.array([-0.14, -0.33, 0.28]) + actor.rng.normal(0, 0.015, 3)
    start = carried + up * (worn - carried) + np.sin(np.pi * up) * [-0.10, 0.05, 0.10]
    held = start + np.array([-0.15, -0.02, 0.0])
    fingers = unit(vector(0.35, 0.9, 0.2) + away * vector(-0.4, -1.9, 0.0))
    wrists = held - person.hand * fingers * (1 - away) + away * (motion.wrists[:, 1] - held)
    moved = with_right(motion, wrists=wrists, fingers=fingers, elbows=np.array([-1.0, -0.6, 0.1]))
    return replace(moved, prop=np.stack([start, start + vector(0.0, 0.15, 0.0)], axis=1))


PROGRAMS: dict[str, Callable[[Actor], Motion]] = {
    program.__name__: program for program in (drink, look, keyboard, pot, hand, door, chair, hat)
}
