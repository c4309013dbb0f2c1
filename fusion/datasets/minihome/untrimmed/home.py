"""Scene of a video: a room, the people in it with their furniture and objects, and their true skeletons."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from triad.fusion.datasets.minihome.animation import Placement
from triad.fusion.datasets.minihome.body import EXTRA_POINTS, JOINTS, POINTS, mirror_body
from triad.fusion.datasets.minihome.cameras import HEIGHT, WIDTH, Camera
from triad.fusion.datasets.minihome.figure import build_figure
from triad.fusion.datasets.minihome.furniture import draw_furniture
from triad.fusion.datasets.minihome.painter import rotate_about_vertical
from triad.fusion.datasets.minihome.people import choose_clothes, make_person
from triad.fusion.datasets.minihome.props import make_prop
from triad.fusion.datasets.minihome.render import Layer, Scene
from triad.fusion.datasets.minihome.rooms import apply_light, cast_shadow, draw_room
from triad.fusion.datasets.minihome.sensor import hidden_joints
from triad.fusion.datasets.minihome.shapes import Shape
from triad.fusion.datasets.minihome.untrimmed.schedule import (
    PLACES,
    PlannedAction,
    PlannedPerson,
    Schedule,
    VideoSpec,
)
from triad.fusion.datasets.minihome.untrimmed.tracks import apply_depth, body_track

OUTSIDE = -1000.0
"""Pixel of objects that are not there."""
BOX_MARGIN = 4.0
"""Pixels around the points of a person."""


@dataclass(frozen=True, repr=False)
class Resident:
    """Person of a video as drawn and as measured.

    Args:
        layers: shapes, furniture and objects in the order in which they are painted.
        joints: true joints of the layout ``minihome16`` in camera metres, ``[T, V, 3]``.
        pixels: their pixels, ``[T, V, 2]``.
        box: corners of the person in the picture, ``(x1, y1, x2, y2)``, ``[T, 4]``.
        depth: median distance from the camera, metres.
    """

    layers: list[Layer]
    joints: np.ndarray
    pixels: np.ndarray
    box: np.ndarray
    depth: float


@dataclass(frozen=True, repr=False)
class Home:
    """Scene of a video and the people in it, in the order of its schedule."""

    camera: Camera
    scene: Scene
    residents: list[Resident]


def build_home(video: VideoSpec, schedule: Schedule) -> Home:
    """Return the home of a video."""
    camera = video.camera
    background = draw_room(camera, video.rng("room"))
    placements = [_place(video, number, plan) for number, plan in enumerate(schedule.people)]
    for placement in placements:
        cast_shadow(camera, background, placement.origin)
    residents = [
        _resident(video, number, plan, placement, background, schedule.num_frames)
        for number, (plan, placement) in enumerate(zip(schedule.people, placements, strict=True))
    ]
    background = apply_light(background, video.rng("light"))
    far_first = sorted(residents, key=lambda resident: -resident.depth)
    layers = [layer for resident in far_first for layer in resident.layers]
    return Home(camera, Scene(background, layers, schedule.num_frames), residents)


def hidden_of(home: Home, number: int) -> np.ndarray:
    """Return which joints of a person are covered by anything, another person too, bool ``[T, V]``."""
    own_ids = {id(layer) for layer in home.residents[number].layers}
    layers = [
        layer if id(layer) in own_ids else replace(layer, component="other person") for layer in home.scene.layers
    ]
    scene = Scene(home.scene.background, layers, home.scene.num_frames)
    return hidden_joints(scene, home.residents[number].pixels)


def _place(video: VideoSpec, number: int, plan: PlannedPerson) -> Placement:
    rng = video.rng(f"stage {number}")
    origin = np.array([plan.side + rng.uniform(-0.1, 0.1), 0.0, rng.uniform(-0.12, 0.12)])
    if plan.side:  # side by side in the picture of any camera, one a little farther away
        right = video.camera.rotation[0] * [1.0, 0.0, 1.0]
        origin = origin[0] * right / np.linalg.norm(right) + [0.0, 0.0, origin[2]]
    line = video.camera.position - origin
    azimuth = float(np.arctan2(line[0], line[2]))
    low, high = PLACES[plan.place].yaw
    yaw = float(rng.choice([-1.0, 1.0]) * np.deg2rad(rng.uniform(low, high)))
    toward = rotate_about_vertical(-(azimuth + yaw), line * [1.0, 0.0, 1.0])
    return Placement(azimuth + yaw, yaw, origin, toward / np.linalg.norm(toward), bool(rng.random() < 0.5))


def _resident(
    video: VideoSpec,
    number: int,
    plan: PlannedPerson,
    placement: Placement,
    background: np.ndarray,
    num_frames: int,
) -> Resident:
    camera = video.camera
    person = make_person(video.seed, plan.subject)
    toward = placement.toward * [-1.0, 1.0, 1.0] if placement.mirrored else placement.toward
    track = body_track(plan, person, toward, num_frames, video.rng(f"motion {number}"))
    if placement.mirrored:
        track = mirror_body(track)
    points = camera.to_camera(rotate_about_vertical(placement.heading, track) + placement.origin)
    pixels = camera.project(points)  # before arms are mirrored in depth, which changes no pixel
    points = apply_depth(points, plan, mirrored=placement.mirrored)
    depth = float(np.median(points[:, POINTS["pelvis"], 2]))
    scale = camera.focal / depth
    furniture: list[Layer] = []
    pair = PLACES[plan.place].furniture
    if pair is not None:
        furniture = [*draw_furniture(pair, camera, placement, background, video.rng(f"furniture {number}"))]
    clothes = choose_clothes(video.rng(f"clothes {number}"))
    figure = build_figure(person, clothes, pixels, scale=scale, yaw=placement.yaw)
    props = [shape for action in plan.actions for shape in _props(action, pixels, scale, placement.yaw)]
    layers: list[Layer] = [*figure.body, *furniture, *figure.forearms, *props, *figure.hands]
    num_joints = len(JOINTS)
    return Resident(layers, points[:, :num_joints], pixels[:, :num_joints], _box(pixels), depth)


def _props(action: PlannedAction, pixels: np.ndarray, scale: float, yaw: float) -> list[Shape]:
    """Return the object of an action, which is there while the action lasts."""
    if action.free_hand:
        return []
    is_shown = np.zeros(len(pixels), bool)
    is_shown[action.first : action.end] = True
    start, end = (
        np.where(is_shown[:, None], pixels[:, POINTS[name]], OUTSIDE + 10 * offset)
        for offset, name in enumerate(("prop_start", "prop_end"))
    )
    return make_prop(action.clip, start, end, scale=scale, yaw=yaw)


def _box(pixels: np.ndarray) -> np.ndarray:
    """Return the box around all points of a body, within the picture, ``[T, 4]``."""
    body = pixels[:, : len(POINTS) - len(EXTRA_POINTS) + 5]  # without the held object
    low = body.min(axis=1) - BOX_MARGIN
    high = body.max(axis=1) + BOX_MARGIN
    return np.concatenate([low, high], axis=-1).clip(0, [WIDTH, HEIGHT, WIDTH, HEIGHT])
