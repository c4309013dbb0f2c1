"""Rooms are reproducible, shadows darken the floor around a person, and light stays within its range."""

import numpy as np

from triad.fusion.datasets.minihome.cameras import CAMERAS
from triad.fusion.datasets.minihome.painter import new_canvas
from triad.fusion.datasets.minihome.rooms import apply_light, cast_shadow, draw_room


def test_room_is_reproducible_and_fills_picture() -> None:
    canvases = [draw_room(CAMERAS[0], np.random.default_rng(seed)) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(canvases[0], canvases[1])
    assert (canvases[0] != canvases[2]).any()
    assert canvases[0].any(axis=-1).all()


def test_shadow_darkens_floor_only() -> None:
    canvas = np.full_like(new_canvas(), 200)
    cast_shadow(CAMERAS[1], canvas, np.zeros(3))
    feet = np.rint(2 * CAMERAS[1].project(CAMERAS[1].to_camera(np.zeros(3)))).astype(int)
    assert canvas[feet[1], feet[0]].max() < 160
    assert (canvas[:120] == 200).all()


def test_light_stays_within_range() -> None:
    canvas = np.full_like(new_canvas(), 100)
    lit = apply_light(canvas, np.random.default_rng(0))
    assert 70 < lit.min() < lit.max() < 115
