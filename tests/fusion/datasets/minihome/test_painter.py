"""Static objects are rotated, clipped and painted by hand-made numbers."""

import numpy as np

from triad.fusion.datasets.minihome.cameras import look_at
from triad.fusion.datasets.minihome.painter import Painter, clip_at_near_plane, new_canvas, rotate_about_vertical


def test_rotation_turns_front_to_right() -> None:
    np.testing.assert_allclose(rotate_about_vertical(np.pi / 2, np.array([0.0, 0.0, 1.0])), [1.0, 0.0, 0.0], atol=1e-12)


def test_near_plane_cuts_points_behind() -> None:
    triangle = np.array([[0.0, 0.0, 1.2], [1.0, 0.0, 1.2], [0.0, 0.0, -0.8]])
    expected = [[0, 0, 1.2], [1, 0, 1.2], [0.5, 0, 0.2], [0, 0, 0.2]]
    np.testing.assert_allclose(clip_at_near_plane(triangle), expected, atol=1e-12)


def test_box_shows_only_visible_sides() -> None:
    camera = look_at("c", azimuth=0.0, distance=2.0, height=1.0, target_height=1.0)
    canvas = new_canvas()
    mask = new_canvas()
    Painter(camera, canvas, mask).fill_box((-0.1, 0.9, -0.1), (0.1, 1.1, 0.1), (100, 100, 100))
    assert canvas[119, 159].tolist() == [90, 90, 90]  # the front, at 0.9 of full light
    assert mask[119, 159, 0] == 255
    half_width = 2 * 190 * 0.1 / 1.9  # pixels of the canvas
    assert np.isclose((mask[119, :, 0] > 127).sum(), 2 * half_width, atol=2)


def test_upright_segment() -> None:
    camera = look_at("c", azimuth=0.0, distance=2.0, height=1.0, target_height=1.0)
    start, end, scale = Painter(camera, new_canvas()).upright_segment(np.array([0.0, 1.0, 0.0]), 0.5)
    np.testing.assert_allclose(start, [[79.5, 59.5]], atol=1e-9)
    np.testing.assert_allclose(end, [[79.5, 59.5 - 190 * 0.25]], atol=1e-9)
    assert scale == 95.0
