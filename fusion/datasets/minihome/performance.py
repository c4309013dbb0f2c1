"""Performances: one person does one action in one room before one camera, as one or the other class of a pair.

Everything is drawn from ``(seed, pair, subject, repetition)`` and so is equal for both classes; then the difference of
the pair is applied. Each performance is rendered as both classes, so that a prediction from the room or the person is
wrong as often as it is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fusion.datasets.minihome import objects
from fusion.datasets.minihome.body import JOINTS, POINTS, mirror_body, solve_body
from fusion.datasets.minihome.cameras import CAMERAS, FPS, NUM_FRAMES, Camera
from fusion.datasets.minihome.colors import chroma, ycc_to_rgb
from fusion.datasets.minihome.figure import build_figure
from fusion.datasets.minihome.furniture import FurniturePainter, random_metal, random_wood
from fusion.datasets.minihome.motions import PROGRAMS, SEAT_BACK, Actor
from fusion.datasets.minihome.painter import Painter, new_canvas, rotate_about_vertical
from fusion.datasets.minihome.pairs import PAIRS, Pair
from fusion.datasets.minihome.people import SUBJECTS, Person, choose_clothes, make_person
from fusion.datasets.minihome.render import Scene, StaticLayer
from fusion.datasets.minihome.rooms import apply_light, cast_shadow, draw_room
from fusion.datasets.minihome.shapes import Shape
from modalities.seeding import derive_rng

_YAW_RANGES = {"keyboard": (40, 60), "pot": (25, 50), "chair": (0, 40), "hat": (0, 35)}  # degrees
_DEFAULT_YAW_RANGE = (0, 22)


@dataclass(frozen=True)
class ClipSpec:
    """Specification of a clip: its class, its person, and the number of the person's performance.

    Args:
        seed: seed of the dataset.
        label: class index.
        subject: name of the person, ``s01`` …
        repetition: number of the performance, from 1.
    """

    seed: int
    label: int
    subject: str
    repetition: int

    @property
    def pair(self) -> Pair:
        """Pair of classes to which the class belongs."""
        return PAIRS[self.label // 2]

    @property
    def has_difference(self) -> bool:
        """Whether the class is the one in which the pair's difference is applied."""
        return self.label % 2 == 1

    @property
    def camera(self) -> Camera:
        """Camera of the clip; cameras take turns, beginning with another one for each person and pair."""
        return CAMERAS[(self.label // 2 + SUBJECTS.index(self.subject) + self.repetition) % len(CAMERAS)]

    @property
    def id(self) -> str:
        """Id of the record."""
        return f"{self.pair.classes[self.has_difference]}_{self.subject}_{self.camera.name}_r{self.repetition:02d}"

    def pair_rng(self, purpose: str) -> np.random.Generator:
        """Return a generator that both classes of the pair share."""
        return derive_rng(self.seed, "minihome", self.pair.name, self.subject, self.repetition, purpose)

    def clip_rng(self, purpose: str) -> np.random.Generator:
        """Return a generator of this clip alone, for noise."""
        return derive_rng(self.seed, "minihome", self.id, purpose)

    def applies(self, difference: str) -> bool:
        """Return whether the clip is of the class with this difference."""
        return self.has_difference and self.pair.difference == difference


@dataclass(frozen=True, repr=False)
class Performance:
    """Scene of a clip and the true skeleton of the person.

    Args:
        camera: camera of the clip.
        scene: scene to render.
        joints: joints of the layout ``minihome16`` in camera metres, ``[T, V, 3]``.
        pixels: their pixels, ``[T, V, 2]``.
    """

    camera: Camera
    scene: Scene
    joints: np.ndarray
    pixels: np.ndarray


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


def place_person(pair: Pair, camera: Camera, rng: np.random.Generator) -> Placement:
    """Return a random placement: held objects and hands that move in depth face the camera, desks do not."""
    origin = np.array([rng.uniform(-0.14, 0.14), 0.0, rng.uniform(-0.12, 0.12)])
    line = camera.position - origin
    azimuth = float(np.arctan2(line[0], line[2]))
    side = rng.choice([-1.0, 1.0])
    share = rng.random()
    mirrored = bool(rng.random() < 0.5)
    low, high = _YAW_RANGES.get(pair.name, _DEFAULT_YAW_RANGE)
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


def mirror_depth(points: np.ndarray) -> np.ndarray:
    """Return the body with the arms mirrored about their shoulders' depth along the rays of the camera.

    Shapes: ``[T, P, 3]`` camera metres -> ``[T, P, 3]``.
    """
    mirrored = points.copy()
    for side in ("left", "right"):
        shoulder_depth = points[:, POINTS[f"{side}_shoulder"], 2]
        for name in ("elbow", "wrist", "tip"):
            index = POINTS[f"{side}_{name}"]
            depth = points[:, index, 2]
            mirrored[:, index] *= ((2 * shoulder_depth - depth) / depth)[:, None]
    return mirrored


def make_prop(clip: ClipSpec, start: np.ndarray, end: np.ndarray, *, scale: float, yaw: float) -> list[Shape]:
    """Return the shapes of the held object.

    Args:
        clip: specification of the clip.
        start: start of the object in pixels, ``[T, 2]``.
        end: end of the object in pixels, ``[T, 2]``.
        scale: pixels per metre.
        yaw: rotation of the person from the camera in radians.
    """
    rng = clip.pair_rng("prop")
    luma = rng.uniform(112, 135)
    tint = objects.random_surface(rng, cool=clip.applies("surface"))
    match clip.pair.name:
        case "drink":
            return objects.vessel(start, end, scale, tint, luma)
        case "look":
            return objects.board(start, end, 0.19 * scale * np.cos(yaw), tint, luma)
        case "hat":
            return objects.hat(start, end, scale, ycc_to_rgb(rng.uniform(70, 170), chroma(rng.uniform(0, 360), 30)))
        case "pot":
            return objects.spoon(start, end, scale)
    return []


def draw_furniture(clip: ClipSpec, placement: Placement, background: np.ndarray) -> list[StaticLayer]:
    """Draw a chair on the background if the clip needs one, and return the furniture in front of the person."""
    rng = clip.pair_rng("furniture")
    wood = random_wood(rng)
    metal = random_metal(rng)
    foreground = new_canvas()
    mask = new_canvas()
    behind = FurniturePainter(Painter(clip.camera, background), placement.heading, placement.origin)
    in_front = FurniturePainter(Painter(clip.camera, foreground, mask), placement.heading, placement.origin)
    match clip.pair.name:
        case "chair":
            behind.draw_chair(SEAT_BACK, wood)
        case "keyboard":
            behind.draw_chair(0.02, wood)
            in_front.draw_desk(wood)
        case "pot":
            in_front.draw_stove(ycc_to_rgb(rng.uniform(150, 215), (0.0, 0.0)), metal)
    return [StaticLayer(foreground, np.ascontiguousarray(mask[..., 0]))] if mask.any() else []


def perform(clip: ClipSpec) -> Performance:
    """Return the performance of a clip."""
    camera = clip.camera
    person = make_person(clip.seed, clip.subject)
    placement = place_person(clip.pair, camera, clip.pair_rng("stage"))
    points = camera.to_camera(animate(clip, person, placement))
    pixels = camera.project(points)  # before the mirror in depth, which changes no pixel
    if clip.applies("depth"):
        points = mirror_depth(points)

    background = new_canvas()
    draw_room(camera, background, clip.pair_rng("room"))
    cast_shadow(camera, background, placement.origin)
    furniture = draw_furniture(clip, placement, background)
    background = apply_light(background, clip.pair_rng("light"))
    scale = camera.focal / float(np.median(points[:, POINTS["pelvis"], 2]))
    clothes = choose_clothes(clip.pair_rng("clothes"))
    figure = build_figure(person, clothes, pixels, scale=scale, yaw=placement.yaw)
    prop_start = pixels[:, POINTS["prop_start"]]
    prop_end = pixels[:, POINTS["prop_end"]]
    prop = make_prop(clip, prop_start, prop_end, scale=scale, yaw=placement.yaw)
    layers = [*figure.body, *furniture, *figure.forearms, *prop, *figure.hands]
    num_joints = len(JOINTS)
    return Performance(camera, Scene(background, layers, len(points)), points[:, :num_joints], pixels[:, :num_joints])
