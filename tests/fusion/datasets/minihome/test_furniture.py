"""Furniture is painted in the frame of the person."""

from types import SimpleNamespace

import numpy as np

from triad.fusion.datasets.minihome.cameras import look_at
from triad.fusion.datasets.minihome.furniture import FurniturePainter
from triad.fusion.datasets.minihome.painter import Painter, new_canvas


def painter_at(heading: float, canvas: np.ndarray, mask: np.ndarray | None = None) -> FurniturePainter:
    camera = look_at("c", azimuth=0.0, distance=2.0, height=1.0, target_height=1.0)
    return FurniturePainter(Painter(camera, canvas, mask), heading, np.zeros(3))


def test_far_boxes_are_filled_first() -> None:
    depths = []
    painter = SimpleNamespace(
        camera=SimpleNamespace(position=np.array([0.0, 1.0, 2.0])),
        fill_box=lambda low, high, color, **frame: depths.append(low[2]),
    )
    boxes = [((-0.1, 0.9, z), (0.1, 1.1, z + 0.1)) for z in (0.5, -0.6, 0.0)]
    FurniturePainter(painter, 0.0, np.zeros(3)).fill_boxes(boxes, (100, 100, 100))
    assert depths == [-0.6, 0.0, 0.5]


def test_circle_is_centred_below_person() -> None:
    circle = painter_at(0.7, new_canvas()).circle((0.0, 0.5, 0.0), 0.1)
    assert circle.shape == (20, 2)
    np.testing.assert_allclose((circle[:10] + circle[10:]).mean(0)[0] / 2, 79.5, atol=1e-9)


def test_desk_and_stove_are_in_front() -> None:
    for draw in ("draw_desk", "draw_stove"):
        mask = new_canvas()
        colors = [(150, 120, 90), (120, 120, 120)][: 1 if draw == "draw_desk" else 2]
        getattr(painter_at(0.0, new_canvas(), mask), draw)(*colors)
        rows = np.flatnonzero(mask.any(axis=(1, 2)))
        assert rows.min() > 110  # the desk is lower than the camera, the pot as high
