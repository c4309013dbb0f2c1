"""Animation of a person: placement in the room, and the points of the body over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.actor import Actor
from triad.fusion.datasets.minihome.body import POINTS, mirror_body, solve_body
from triad.fusion.datasets.minihome.cameras import FPS, NUM_FRAMES
from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.motions import PROGRAMS
from triad.fusion.datasets.minihome.painter import rotate_about_vertical
from triad.fusion.datasets.minihome.people import Person

_YAW_RANGES = {"keyboard": (40, 60), "pot": (25, 50), "chair": (0, 40), "hat": (0, 35)}  # degrees
_DEFAULT_YAW_RANGE = (0, 22)


@dataclass(frozen=True, repr=False)
class Placement:
    """Position and direction of a person.

    Args:
        heading: rotation from the front of the room to its right in radians.
        yaw: rotation from the camera to the right of its image in radians.
        origin: position on the floor in world metres, ``[3]``.
        toward: horizontal unit vector to the camera in the body frame, ``[3]``.
        mirrored: whether left and right of the body are exchanged.
    """

    heading: float
    yaw: float
    origin: np.ndarray
    toward: np.ndarray
    mirrored: bool


def place_person(clip: ClipSpec) -> Placement:
    """Return a random placement: held objects and hands that move in depth face the camera, desks do not."""
    rng = clip.pair_rng("stage")
    origin = np.array([rng.uniform(-0.14, 0.14), 0.0, rng.uniform(-0.12, 0.12)])
    line = clip.camera.position - origin
    azimuth = float(np.arctan2(line[0], line[2]))
    side = rng.choice([-1.0, 1.0])
    share = rng.random()
    mirrored = bool(rng.random() < 0.5)
    low, high = _YAW_RANGES.get(clip.pair.name, _DEFAULT_YAW_RANGE)
    yaw = float(side * np.deg2rad(low + share * (high - low)))
    toward = rotate_about_vertical(-(azimuth + yaw), line * [1.0, 0.0, 1.0])
    return Placement(azimuth + yaw, yaw, origin, toward / np.linalg.norm(toward), mirrored)


def animate(clip: ClipSpec, person: Person, placement: Placement) -> np.ndarray:
    """Return the points of the body in the world, ``[T, P, 3]``, with the differences ``still`` and ``reversed``."""
    rng = clip.pair_rng("motion")
    actor = Actor(
        person=person,
        rng=rng,
        times=np.arange(NUM_FRAMES) / FPS,
        tempo=person.tempo * rng.uniform(0.9, 1.1),
        still=clip.applies("still"),
        toward=placement.toward * [-1.0, 1.0, 1.0] if placement.mirrored else placement.toward,
    )
    points = solve_body(person, PROGRAMS[clip.pair.name](actor))
    if placement.mirrored:
        points = mirror_body(points)
    if clip.applies("reversed"):
        points = points[::-1]
    return rotate_about_vertical(placement.heading, points) + placement.origin


def mirror_depth(points: np.ndarray, sides: Sequence[str] = ("left", "right")) -> np.ndarray:
    """Return the body with the arms mirrored about their shoulders' depth along the rays of the camera.

    Args:
        points: points of the body in camera metres.
        sides: arms that are mirrored.

    Shapes: ``[T, P, 3]`` -> ``[T, P, 3]``.
    """
    mirrored = points.copy()
    for side in sides:
        shoulder_depth = points[:, POINTS[f"{side}_shoulder"], 2]
        for name in ("elbow", "wrist", "tip"):
            index = POINTS[f"{side}_{name}"]
            depth = points[:, index, 2]
            mirrored[:, index] *= ((2 * shoulder_depth - depth) / depth)[:, None]
    return mirrored
