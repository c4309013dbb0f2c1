"""Shapes follow their segment, and their outlines have the widths that were asked for."""

import numpy as np

from triad.fusion.datasets.minihome.shapes import Shape, band, bar, capsule, ellipse


def test_polygon_and_displacement_by_hand() -> None:
    start = np.array([[0.0, 0.0], [1.0, 0.0]])  # turns, and becomes twice as long
    end = np.array([[10.0, 0.0], [1.0, 20.0]])
    shape = Shape(start, end, band(0.0, 1.0, 2.0, 2.0), (0, 0, 0), "x")
    np.testing.assert_allclose(shape.polygon()[0], [[0, -2], [0, 2], [10, 2], [10, -2]], atol=1e-12)
    np.testing.assert_allclose(shape.polygon()[1], [[3, 0], [-1, 0], [-1, 20], [3, 20]], atol=1e-12)
    # a point at the middle, and one 3 pixels beyond the end: only the segment grows, the end stays rigid
    points = np.array([[5.0, 2.0], [13.0, 0.0]])
    np.testing.assert_allclose(points + shape.displacement(points, 0), [[-1.0, 10.0], [1.0, 23.0]], atol=1e-12)


def test_capsule_has_its_radii() -> None:
    outline = capsule(2.0, 1.0)
    assert -2.0 <= outline[:, 1].min() < -1.9  # round ends
    assert 0.95 < outline[:, 1].max() <= 1.0
    np.testing.assert_allclose([outline[outline[:, 0] == end, 2].max() for end in (0, 1)], [2.0, 1.0])


def test_ellipse_and_bar_have_their_bounds() -> None:
    outline = ellipse(3.0, 2.0, e=1.0, n=-1.0)
    np.testing.assert_allclose([outline[:, 1].min(), outline[:, 1].max()], [-2.0, 4.0])
    np.testing.assert_allclose([outline[:, 2].min(), outline[:, 2].max()], [-3.0, 1.0])
    assert bar((0.0, 4.0), (-1.0, 2.0), s=0.5).tolist() == [
        [0.5, 0.0, -1.0],
        [0.5, 0.0, 2.0],
        [0.5, 4.0, 2.0],
        [0.5, 4.0, -1.0],
    ]
