"""Performance of a clip: the scene to render and the true skeleton of the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triad.fusion.datasets.minihome.animation import animate, mirror_depth, place_person
from triad.fusion.datasets.minihome.body import JOINTS, POINTS
from triad.fusion.datasets.minihome.cameras import Camera
from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.figure import build_figure
from triad.fusion.datasets.minihome.furniture import draw_furniture
from triad.fusion.datasets.minihome.people import choose_clothes, make_person
from triad.fusion.datasets.minihome.props import make_prop
from triad.fusion.datasets.minihome.render import Layer, Scene
from triad.fusion.datasets.minihome.rooms import apply_light, cast_shadow, draw_room


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


def perform(clip: ClipSpec) -> Performance:
    """Return the performance of a clip."""
    camera = clip.camera
    person = make_person(clip.seed, clip.subject)
    placement = place_person(clip)
    points = camera.to_camera(animate(clip, person, placement))
    pixels = camera.project(points)  # before the mirror in depth, which changes no pixel
    if clip.applies("depth"):
        points = mirror_depth(points)

    background = draw_room(camera, clip.pair_rng("room"))
    cast_shadow(camera, background, placement.origin)
    furniture = draw_furniture(clip.pair.name, camera, placement, background, clip.pair_rng("furniture"))
    background = apply_light(background, clip.pair_rng("light"))
    scale = camera.focal / float(np.median(points[:, POINTS["pelvis"], 2]))
    clothes = choose_clothes(clip.pair_rng("clothes"))
    figure = build_figure(person, clothes, pixels, scale=scale, yaw=placement.yaw)
    prop_start = pixels[:, POINTS["prop_start"]]
    prop_end = pixels[:, POINTS["prop_end"]]
    prop = make_prop(clip, prop_start, prop_end, scale=scale, yaw=placement.yaw)
    layers: list[Layer] = [*figure.body, *furniture, *figure.forearms, *prop, *figure.hands]
    num_joints = len(JOINTS)
    return Performance(camera, Scene(background, layers, len(points)), points[:, :num_joints], pixels[:, :num_joints])
