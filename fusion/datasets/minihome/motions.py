"""Motion programs, one a pair: the motion of the pair's first class; the difference of the second is applied later.

A program is a function from an ``Actor`` to a ``Motion``. It always acts with the right hand; mirrored performances are
made from the joints. It draws the same random numbers whether or not the actor is ``still``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from triad.fusion.datasets.minihome.actor import (
    Actor,
    back_and_forth,
    normalize,
    oscillation_angle,
    smoothstep,
    stack_vector,
    transition,
)
from triad.fusion.datasets.minihome.body import Motion

SEAT = 0.44  # metres above the floor
SEAT_BACK = 0.36  # metres from the feet of a standing person to the middle of the seat
DESK = 0.74
DESK_FRONT = 0.46  # metres from the pelvis of a sitting person to the middle of the keyboard
STOVE = 0.86
STOVE_FRONT = 0.46
POT_HEIGHT = 0.15
POT_RADIUS = 0.15
CUP_HEIGHT = 0.21
BOARD_HEIGHT = 0.30


def stand(actor: Actor) -> Motion:
    """Stand at ease: the arms hang, the body sways a little."""
    person = actor.person
    rng = actor.rng
    sway = np.zeros((len(actor.times), 3))
    for axis, share in ((0, 1.0), (2, 0.7)):
        for frequency in (0.35, 0.8):
            phase = rng.uniform(0, 2 * np.pi)
            sway[:, axis] += share * person.sway * np.sin(2 * np.pi * frequency * actor.times + phase)
    pelvis = sway + stack_vector(0.0, person.standing, 0.0)
    shoulders = pelvis[:, None] + np.array([[1.0], [-1.0]]) * [person.shoulder, 0, 0] + [0, person.trunk - 0.03, 0]
    hanging = np.array([[0.05, -0.96 * person.arm, 0.05], [-0.05, -0.96 * person.arm, 0.05]])
    ones = np.ones((len(actor.times), 1, 1))
    return Motion(
        pelvis=pelvis,
        lean=np.full(len(actor.times), rng.uniform(0.0, 0.05)),
        wrists=shoulders + hanging,
        fingers=ones * normalize(np.array([[0.05, -1.0, 0.1], [-0.05, -1.0, 0.1]])),
        elbows=ones * np.array([[0.35, -0.3, -1.0], [-0.35, -0.3, -1.0]]),
        ankles=np.array([[person.hip + 0.03, person.ankle, 0.0], [-person.hip - 0.03, person.ankle, 0.0]]),
    )


def replace_right_arm(motion: Motion, **tracks: np.ndarray) -> Motion:
    """Return the motion with other ``wrists``, ``fingers`` or ``elbows`` of the right arm, ``[T, 3]`` or ``[3]``."""
    new_tracks = {}
    for name, track in tracks.items():
        both_arms = np.array(getattr(motion, name))
        both_arms[:, 1] = track
        new_tracks[name] = both_arms
    return replace(motion, **new_tracks)


def shoulder_position(actor: Actor, motion: Motion, side: float) -> np.ndarray:
    """Return the shoulder of an upright body, ``[T, 3]``; ``side`` is 1 for the left one, −1 for the right one."""
    person = actor.person
    return motion.pelvis + np.array([side * person.shoulder, person.trunk - 0.03, 0.0])


def neck_position(actor: Actor, motion: Motion) -> np.ndarray:
    """Return the neck of an upright body, ``[T, 3]``."""
    return motion.pelvis + stack_vector(0.0, actor.person.trunk, 0.0)


def lift_vessel(actor: Actor) -> Motion:
    """Lift a vessel from the chest to the mouth and lower it again."""
    motion = stand(actor)
    person = actor.person
    lift = back_and_forth(actor, period=2.6)[:, None]
    neck = neck_position(actor, motion)
    low = neck + np.array([-0.10, -0.27, 0.30]) + actor.rng.normal(0, 0.015, 3)
    high = neck + np.array([-0.02, person.neck - 0.09, 0.24])
    base = low + lift * (high - low)
    axis = normalize(stack_vector(0.1, 1.0, 0.05) + lift * stack_vector(0.15, 0.0, -0.5))
    grip = base + 0.45 * CUP_HEIGHT * axis
    fingers = np.broadcast_to(normalize(np.array([0.75, 0.25, 0.35])), grip.shape)
    motion = replace_right_arm(
        motion,
        wrists=grip - [0.03, 0.0, 0.0] - person.hand * fingers,
        fingers=fingers,
        elbows=np.array([-0.8, -1.0, 0.0]),
    )
    return replace(motion, prop=np.stack([base, base + CUP_HEIGHT * axis], axis=1))


def hold_board(actor: Actor) -> Motion:
    """Hold a board before the chest with both hands; the right one wipes over its upper edge now and then."""
    motion = stand(actor)
    wipe = back_and_forth(actor, period=1.7, hold=2.5)[:, None]
    bob = actor.rng.uniform(0.006, 0.014) * np.sin(2 * np.pi * (0.5 * actor.times + actor.rng.random()))
    neck = neck_position(actor, motion)
    center = neck + np.array([0.0, -0.16, 0.33]) + actor.rng.normal(0, 0.012, 3) + stack_vector(0, bob, 0)
    axis = normalize(np.array([0.0, 1.0, 0.30]))
    wrists, fingers = [], []
    for side in (1.0, -1.0):
        resting = center + np.array([side * 0.22, -0.13, -0.04])
        raised = center + np.array([side * 0.13, 0.13, -0.02])
        share = wipe if side < 0 else 0.0 * wipe
        wrists.append(resting + share * (raised - resting))
        fingers.append(normalize(stack_vector(-side * 0.8, 0.7, 0.25) + share * stack_vector(0.1, -0.3, 0.2)))
    prop = np.stack([center - 0.5 * BOARD_HEIGHT * axis, center + 0.5 * BOARD_HEIGHT * axis], axis=1)
    return replace(motion, wrists=np.stack(wrists, 1), fingers=np.stack(fingers, 1), prop=prop)


def type_on_keyboard(actor: Actor) -> Motion:
    """Sit at a desk with resting wrists; the hands oscillate about the wrists."""
    motion = stand(actor)
    pelvis = motion.pelvis + stack_vector(0.0, SEAT + 0.09 - actor.person.standing, 0.0)
    wrists, fingers = [], []
    for side in (1.0, -1.0):
        angle = oscillation_angle(actor, 3.0, 4.5)
        position = np.array([side * 0.10, DESK + 0.075, DESK_FRONT - 0.13]) + actor.rng.normal(0, 0.008, 3)
        vertical = 0.30 * np.sin(angle)
        sideways = 0.08 * np.sin(angle + 1.0)
        wrists.append(motion.pelvis * [1, 0, 1] + position)
        fingers.append(normalize(stack_vector(-side * 0.1 + sideways, 0.05 + vertical, 1.0)))
    return Motion(
        pelvis=pelvis,
        lean=motion.lean + actor.rng.uniform(0.08, 0.2),
        wrists=np.stack(wrists, 1),
        fingers=np.stack(fingers, 1),
        elbows=np.ones((len(pelvis), 1, 1)) * np.array([[0.6, -1.0, -0.5], [-0.6, -1.0, -0.5]]),
        ankles=motion.ankles + stack_vector(0.0, 0.0, 0.36),
    )


def stir_pot(actor: Actor) -> Motion:
    """Stand at the stove; the wrist rests in the air while hand and spoon stir quickly."""
    motion = stand(actor)
    angle = oscillation_angle(actor, 3.0, 4.2)
    ground = motion.pelvis * [1, 0, 1]
    wrist = ground + np.array([-0.06, STOVE + POT_HEIGHT + 0.20, STOVE_FRONT - 0.16]) + actor.rng.normal(0, 0.01, 3)
    fingers = normalize(
        stack_vector(0.12 + 0.30 * np.cos(angle), -0.35 + 0.28 * np.sin(angle), 0.9 + 0.25 * np.cos(angle))
    )
    grip = wrist + 0.8 * actor.person.hand * fingers
    bowl = stack_vector(0.075 * np.cos(angle), STOVE + POT_HEIGHT - 0.01, STOVE_FRONT + 0.065 * np.sin(angle))
    motion = replace_right_arm(motion, wrists=wrist, fingers=fingers, elbows=np.array([-0.8, -0.9, -0.4]))
    return replace(motion, prop=np.stack([grip, bowl], axis=1))


def gesture(
    actor: Actor, motion: Motion, *, side: float, low: np.ndarray, high: np.ndarray, share: np.ndarray
) -> Motion:
    """Return the motion with one arm moved between two positions.

    Args:
        actor: input of the motion program.
        motion: motion of the rest of the body.
        side: 1 for the left arm, −1 for the right one.
        low: first position from the shoulder in arm lengths: outwards, up, towards the camera.
        high: second position.
        share: track from the first (0) to the second (1), ``[T]``.
    """
    outward = side * np.cross([0.0, 1.0, 0.0], actor.toward)
    axes = np.stack([outward, [0.0, 1.0, 0.0], actor.toward])
    position = (low + share[:, None] * (high - low)) @ axes * actor.person.arm
    hand = normalize(stack_vector(0.15, -1.0, 0.15) + share[:, None] * stack_vector(0.15, 0.9, 0.75)) @ axes
    index = 0 if side > 0 else 1
    wrists, fingers, elbows = (np.array(track) for track in (motion.wrists, motion.fingers, motion.elbows))
    wrists[:, index] = shoulder_position(actor, motion, side) + position
    fingers[:, index] = hand
    elbows[:, index] = np.array([1.0, -0.7, 0.0]) @ axes
    return replace(motion, wrists=wrists, fingers=fingers, elbows=elbows)


def offer_hand(actor: Actor, side: float = -1.0) -> Motion:
    """Move one hand, the right one for a ``side`` of −1, out towards the camera and back to the side."""
    motion = stand(actor)
    share = back_and_forth(actor, period=2.2)
    jitter = actor.rng.normal(0, 0.02, 3)
    low = np.array([0.28, -0.86, 0.14]) + jitter
    high = np.array([0.42, -0.48, 0.62]) + jitter
    return gesture(actor, motion, side=side, low=low, high=high, share=share)


def push_door(actor: Actor) -> Motion:
    """Move both hands out from beside the shoulders towards the camera and back."""
    motion = stand(actor)
    share = back_and_forth(actor, period=2.0)
    for side in (1.0, -1.0):
        jitter = actor.rng.normal(0, 0.02, 3)
        low = np.array([0.46, -0.34, 0.14]) + jitter
        high = np.array([0.44, -0.10, 0.66]) + jitter
        motion = gesture(actor, motion, side=side, low=low, high=high, share=share)
    return motion


def sit_down(actor: Actor) -> Motion:
    """Sit down on the chair behind."""
    motion = stand(actor)
    person = actor.person
    down = transition(actor, duration=1.25)
    bow = np.sin(np.pi * down)
    pelvis = motion.pelvis + stack_vector(0.0, down * (SEAT + 0.09 - person.standing), -SEAT_BACK * down)
    lap = np.array([[person.hip + 0.06, SEAT + 0.17, 0.02], [-person.hip - 0.06, SEAT + 0.17, 0.02]])
    share = down[:, None, None]
    wrists = motion.wrists + share * (lap - motion.wrists)
    wrists[:, :, 2] += 0.12 * bow[:, None]
    fingers = normalize((1 - share) * motion.fingers + share * np.array([[-0.1, -0.2, 1.0], [0.1, -0.2, 1.0]]))
    return replace(motion, pelvis=pelvis, lean=motion.lean + 0.55 * bow, wrists=wrists, fingers=fingers)


def put_on_hat(actor: Actor) -> Motion:
    """Raise a hat from the belly to the head, let go of it and lower the hand."""
    motion = stand(actor)
    person = actor.person
    middle = actor.times.mean() + actor.rng.uniform(-0.1, 0.1)
    progress = (actor.times - middle) * actor.tempo / 0.75
    raise_hat = smoothstep(progress + 1.0)[:, None]
    lower_hand = smoothstep(progress)[:, None]
    neck = neck_position(actor, motion)
    forward = 0.02 + 0.6 * person.neck * np.sin(motion.lean)
    on_head = neck + stack_vector(0.0, person.neck + 0.045 * person.height, forward)
    at_belly = neck + np.array([-0.14, -0.33, 0.28]) + actor.rng.normal(0, 0.015, 3)
    brim = at_belly + raise_hat * (on_head - at_belly) + np.sin(np.pi * raise_hat) * [-0.10, 0.05, 0.10]
    grip = brim + np.array([-0.15, -0.02, 0.0])
    fingers = normalize(stack_vector(0.35, 0.9, 0.2) + lower_hand * stack_vector(-0.4, -1.9, 0.0))
    wrists = grip - person.hand * fingers * (1 - lower_hand) + lower_hand * (motion.wrists[:, 1] - grip)
    motion = replace_right_arm(motion, wrists=wrists, fingers=fingers, elbows=np.array([-1.0, -0.6, 0.1]))
    return replace(motion, prop=np.stack([brim, brim + stack_vector(0.0, 0.15, 0.0)], axis=1))


PROGRAMS: dict[str, Callable[[Actor], Motion]] = {
    "drink": lift_vessel,
    "look": hold_board,
    "keyboard": type_on_keyboard,
    "pot": stir_pot,
    "hand": offer_hand,
    "door": push_door,
    "chair": sit_down,
    "hat": put_on_hat,
}
"""Motion program of each pair."""
