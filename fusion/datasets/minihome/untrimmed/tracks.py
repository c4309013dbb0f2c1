"""Body of a person over a whole video: postures and actions one after another, with soft transitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from triad.fusion.datasets.minihome.actor import Actor, smoothstep
from triad.fusion.datasets.minihome.animation import mirror_depth
from triad.fusion.datasets.minihome.body import POINTS, Motion, solve_body
from triad.fusion.datasets.minihome.cameras import FPS
from triad.fusion.datasets.minihome.motions import PROGRAMS, SEAT, SEAT_BACK, offer_hand, stand
from triad.fusion.datasets.minihome.people import Person
from triad.fusion.datasets.minihome.untrimmed.schedule import PLACES, PlannedAction, PlannedPerson

TRANSITION = 7
"""Frames in which one motion passes into the next."""
SEAT_HEIGHT = SEAT + 0.09
"""Height of the pelvis of a sitting person, metres."""
DESK_FEET = 0.36
"""Metres from the pelvis forwards to the feet at a desk."""
ARM = ("elbow", "wrist", "tip")


def body_track(
    plan: PlannedPerson, person: Person, toward: np.ndarray, num_frames: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the points of the body in its own frame, without depth differences, ``[T, P, 3]``.

    Args:
        plan: schedule of the person.
        person: body and tempo.
        toward: horizontal unit vector to the camera in the body frame, ``[3]``.
        num_frames: number T of frames.
        rng: generator of the motion between actions.
    """
    times = np.arange(num_frames) / FPS
    idle = Actor(person, rng, times, person.tempo, False, toward)
    standing = stand(idle)
    lowered = solve_body(person, sit(standing, person, plan.place))
    upright = solve_body(person, standing)
    is_seated = seated_frames(plan, num_frames)
    resting = np.where(is_seated[:, None, None], lowered, upright)
    track = resting.copy()
    borders = set()
    for action, points in _main_actions(plan, person, toward):
        track[action.first : action.end] = points
        borders |= {action.first, action.end}
    track = soften(track, sorted(borders))
    for action in plan.actions:
        if action.free_hand:
            _move_free_hand(track, action, person, toward)
    return track


def _main_actions(
    plan: PlannedPerson, person: Person, toward: np.ndarray
) -> Iterator[tuple[PlannedAction, np.ndarray]]:
    """Yield the actions that move the whole body, and its points meanwhile."""
    for action in plan.actions:
        if not action.free_hand:
            actor = _actor_of(action, person, toward)
            motion = PROGRAMS[action.clip.pair.name](actor)
            if action.seated and action.clip.pair.name not in ("chair", "keyboard"):
                motion = sit(motion, person, plan.place)
            points = solve_body(person, motion)
            yield action, points[::-1] if action.clip.applies("reversed") else points


def _actor_of(action: PlannedAction, person: Person, toward: np.ndarray) -> Actor:
    rng = action.clip.pair_rng("motion")
    times = np.arange(action.end - action.first) / FPS
    return Actor(person, rng, times, person.tempo * rng.uniform(0.9, 1.1), action.clip.applies("still"), toward)


def sit(motion: Motion, person: Person, place: str) -> Motion:
    """Return the motion of a standing person as one who sits at a place does it."""
    at_desk = PLACES[place].seated
    shift = np.array([0.0, SEAT_HEIGHT - person.standing, 0.0 if at_desk else -SEAT_BACK])
    return replace(
        motion,
        pelvis=motion.pelvis + shift,
        wrists=motion.wrists + shift,
        ankles=motion.ankles + np.array([0.0, 0.0, DESK_FEET if at_desk else 0.0]),
        prop=None if motion.prop is None else motion.prop + shift,
    )


def seated_frames(plan: PlannedPerson, num_frames: int) -> np.ndarray:
    """Return in which frames a person who does nothing sits, bool ``[T]``."""
    seated = np.full(num_frames, PLACES[plan.place].seated)
    for action in plan.actions:
        if action.clip.pair.name == "chair":
            seated[action.end :] = not action.seated
    return seated


def soften(track: np.ndarray, borders: list[int]) -> np.ndarray:
    """Return the track with soft transitions from the last pose before each border, ``[T, P, 3]``."""
    softened = track.copy()
    for border in borders:
        end = min(border + TRANSITION, len(track))
        if 0 < border < end:
            share = smoothstep((np.arange(border, end) - border + 1) / (TRANSITION + 1))[:, None, None]
            softened[border:end] = share * track[border:end] + (1 - share) * softened[border - 1]
    prop_points = [POINTS["prop_start"], POINTS["prop_end"]]
    softened[:, prop_points] = track[:, prop_points]  # objects are there or not
    return softened


def envelope(action: PlannedAction, num_frames: int) -> np.ndarray:
    """Return a weight of the frames of a video that rises and falls softly within an action, ``[T]``."""
    frames = np.arange(num_frames)
    rise = smoothstep((frames - action.first + 1) / (TRANSITION + 1))
    fall = smoothstep((action.end - frames) / (TRANSITION + 1))
    return np.where((frames >= action.first) & (frames < action.end), np.minimum(rise, fall), 0.0)


def _move_free_hand(track: np.ndarray, action: PlannedAction, person: Person, toward: np.ndarray) -> None:
    """Let the left arm of a track offer a hand, from the shoulder where it is."""
    offered = solve_body(person, offer_hand(_actor_of(action, person, toward), side=1.0))
    weight = envelope(action, len(track))[action.first : action.end, None]
    span = slice(action.first, action.end)
    shoulder = POINTS["left_shoulder"]
    for name in ARM:
        index = POINTS[f"left_{name}"]
        moved = track[span, shoulder] + offered[:, index] - offered[:, shoulder]
        track[span, index] += weight * (moved - track[span, index])


def apply_depth(points: np.ndarray, plan: PlannedPerson, *, mirrored: bool) -> np.ndarray:
    """Return the points in camera metres with arms mirrored in depth where an action asks for it; no pixel changes.

    Args:
        points: points of the body in camera metres, ``[T, P, 3]``.
        plan: schedule of the person.
        mirrored: whether left and right of the body are exchanged.
    """
    changed = points
    for action in plan.actions:
        if action.clip.applies("depth"):
            free_side = "right" if mirrored else "left"
            sides = (free_side,) if action.free_hand else ("left", "right")
            weight = envelope(action, len(points))[:, None, None]
            changed = changed + weight * (mirror_depth(changed, sides) - changed)
    return changed
