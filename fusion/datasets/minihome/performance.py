"""A performance: one person does one thing in one room before one camera, as one or the other class of a pair.

Everything is drawn from ``(seed, pair, subject, repetition)`` and so is the same for both classes; then the one
difference of the pair is applied. Each performance is thus played twice, once as each class, and what a blind stream
believes about its room or person is wrong as often as it is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome import objects
from fusion.datasets.minihome.body import JOINTS, POINTS, mirror, solve
from fusion.datasets.minihome.cameras import CAMERAS, FPS, FRAMES, Camera
from fusion.datasets.minihome.colors import chroma, ycc
from fusion.datasets.minihome.figure import figure
from fusion.datasets.minihome.furniture import Carpenter, metal, wood
from fusion.datasets.minihome.motions import PROGRAMS, SEAT_BACK, Actor
from fusion.datasets.minihome.painter import Painter, new_canvas, turn
from fusion.datasets.minihome.pairs import PAIRS, Pair
from fusion.datasets.minihome.people import SUBJECTS, Person, choose_clothes, make_person
from fusion.datasets.minihome.render import Layer, Scene
from fusion.datasets.minihome.rooms import cast_shadow, draw_room, light
from fusion.datasets.minihome.shapes import Shape
from modalities.seeding import derive_rng

_ARMS = ("elbow", "wrist", "tip")


@dataclass(frozen=True)
class Clip:
    """Which clip: the class, who, which of the person's performances.

    Args:
        seed: of the dataset.
        label: index of the class.
        subject: ``s01`` …
        repetition: from 1.
    """

    seed: int
    label: int
    subject: str
    repetition: int

    @property
    def pair(self) -> Pair:
        return PAIRS[self.label // 2]

    @property
    def second(self) -> bool:
        """Whether it is the class in which the pair's difference is applied."""
        return self.label % 2 == 1

    @property
    def camera(self) -> Camera:
        """The cameras take turns, beginning with another one for each person and pair."""
        return CAMERAS[(self.label // 2 + SUBJECTS.index(self.subject) + self.repetition) % len(CAMERAS)]

    @property
    def id(self) -> str:
        return f"{self.pair.classes[self.second]}_{self.subject}_{self.camera.name}_r{self.repetition:02d}"

    def rng(self, what: str) -> np.random.Generator:
        """For what both classes of the pair share."""
        return derive_rng(self.seed, "minihome", self.pair.name, self.subject, self.repetition, what)

    def own_rng(self, what: str) -> np.random.Generator:
        """For noise, which is each clip's own."""
        return derive_rng(self.seed, "minihome", self.id, what)


@dataclass(frozen=True, repr=False)
class Performance:
    """What happens before the camera.

    Shapes: ``joints`` camera metres ``[T, V, 3]`` and ``pixels`` ``[T, V, 2]`` of the layout ``minihome16``.
    """

    camera: Camera
    scene: Scene
    joints: np.ndarray
    pixels: np.ndarray


@dataclass(frozen=True, repr=False)
class Stage:
    """Where a person stands and looks.

    Args:
        heading: radians from the front of the room to its right.
        yaw: radians from the camera to the right of its image.
        origin: on the floor, world metres ``[3]``.
        toward: unit vector to the camera, horizontal, in the body frame ``[3]``.
        mirrored: whether left and right of the body are exchanged.
    """

    heading: float
    yaw: float
    origin: np.ndarray
    toward: np.ndarray
    mirrored: bool


def set_stage(pair: Pair, camera: Camera, rng: np.random.Generator) -> Stage:
    """Place a person: what is held, and hands that move in depth, are turned to the camera, desks aside from it."""
    origin = np.array([rng.uniform(-0.14, 0.14), 0.0, rng.uniform(-0.12, 0.12)])
    line = camera.position - origin
    azimuth = float(np.arctan2(line[0], line[2]))
    side, share, mirrored = rng.choice([-1.0, 1.0]), rng.random(), bool(rng.random() < 0.5)
    low, high = {"keyboard": (40, 60), "pot": (25, 50), "chair": (0, 40), "hat": (0, 35)}.get(pair.name, (0, 22))
    yaw = float(side * np.deg2rad(low + share * (high - low)))
    toward = turn(-(azimuth + yaw), line * [1.0, 0.0, 1.0])
    return Stage(azimuth + yaw, yaw, origin, toward / np.linalg.norm(toward), mirrored)


def move(clip: Clip, person: Person, stage: Stage) -> np.ndarray:
    """Points of the body in the world, ``[T, P, 3]``, as the pair's program has it (``still`` and reversal applied)."""
    rng = clip.rng("motion")
    actor = Actor(
        person=person,
        rng=rng,
        times=np.arange(FRAMES) / FPS,
        tempo=person.tempo * rng.uniform(0.9, 1.1),
        still=clip.second and clip.pair.difference == "still",
        toward=stage.toward * [-1.0, 1.0, 1.0] if stage.mirrored else stage.toward,
    )
    points = solve(person, PROGRAMS[clip.pair.name](actor))
    if stage.mirrored:
        points = mirror(points)
    if clip.second and clip.pair.difference == "reversed":
        points = points[::-1]
    return turn(stage.heading, points) + stage.origin


def mirror_depth(points: np.ndarray) -> np.ndarray:
    """Mirror the arms about their shoulders' depth; every point stays on its ray. ``[T, P, 3]`` camera metres."""
    mirrored = points.copy()
    for side in ("left", "right"):
        shoulder = points[:, POINTS[f"{side}_shoulder"], 2]
        for name in _ARMS:
            number = POINTS[f"{side}_{name}"]
            depth = points[:, number, 2]
            mirrored[:, number] *= ((2 * shoulder - depth) / depth)[:, None]
    return mirrored


def make_prop(clip: Clip, start: np.ndarray, end: np.ndarray, *, scale: float, yaw: float) -> list[Shape]:
    """The patches of what is held, ``[T, 2]`` pixels from start to end."""
    rng = clip.rng("prop")
    luma = rng.uniform(112, 135)
    tint = objects.surface(rng, cool=clip.second and clip.pair.difference == "surface")
    match clip.pair.name:
        case "drink":
            return objects.vessel(start, end, scale, tint, luma)
        case "look":
            return objects.board(start, end, 0.19 * scale * np.cos(yaw), tint, luma)
        case "hat":
            return objects.hat(start, end, scale, ycc(rng.uniform(70, 170), chroma(rng.uniform(0, 360), 30)))
        case "pot":
            return objects.spoon(start, end, scale)
    return []


def furnish(clip: Clip, stage: Stage, background: np.ndarray) -> list[Layer]:
    """Put a chair into the background where one sits, and build what stands before the person."""
    rng = clip.rng("furniture")
    color, other = wood(rng), metal(rng)
    foreground, mask = new_canvas(), new_canvas()
    behind = Carpenter(Painter(clip.camera, background), stage.heading, stage.origin)
    before = Carpenter(Painter(clip.camera, foreground, mask), stage.heading, stage.origin)
    match clip.pair.name:
        case "chair":
            behind.chair(SEAT_BACK, color)
        case "keyboard":
            behind.chair(0.02, color)
            before.desk(color)
        case "pot":
            before.stove(ycc(rng.uniform(150, 215), (0.0, 0.0)), other)
    return [Layer(foreground, np.ascontiguousarray(mask[..., 0]))] if mask.any() else []


def perform(clip: Clip) -> Performance:
    """Play a clip."""
    camera, person = clip.camera, make_person(clip.seed, clip.subject)
    stage = set_stage(clip.pair, camera, clip.rng("stage"))
    points = camera.to_camera(move(clip, person, stage))
    pixels = camera.project(points)  # before the mirror in depth, which changes no pixel
    if clip.second and clip.pair.difference == "depth":
        points = mirror_depth(points)

    background = new_canvas()
    draw_room(camera, background, clip.rng("room"))
    cast_shadow(camera, background, stage.origin)
    layers = furnish(clip, stage, background)
    background = light(background, clip.rng("light"))
    scale = camera.focal / float(np.median(points[:, POINTS["pelvis"], 2]))
    body = figure(
        person,
        choose_clothes(clip.rng("clothes")),
        pixels,
        scale=scale,
        yaw=stage.yaw,
        far="left" if stage.yaw > 0 else "right",
    )
    prop = make_prop(clip, pixels[:, POINTS["prop_start"]], pixels[:, POINTS["prop_end"]], scale=scale, yaw=stage.yaw)
    things: list[Shape | Layer] = [*body.behind, *layers, *body.forearms, *prop, *body.hands]
    joints = len(JOINTS)
    return Performance(camera, Scene(background, things, len(points)), points[:, :joints], pixels[:, :joints])
