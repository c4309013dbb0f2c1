from __future__ import annotations

import numpy as np

from triad.modalities.depth import DepthClip, depth_to_rgb
from triad.modalities.depth.rendering import MISSING, DepthPainter, depth_range
from triad.modalities.modality import Canvas


def clip(depth: np.ndarray, valid: bool = True) -> DepthClip:
    data = np.asarray(depth, np.float32)[None, ..., None]
    return DepthClip(data, np.zeros(1), np.array([valid]))


def test_near_is_bright_missing_grey():
    colors = depth_to_rgb(np.array([[1.0, 2.0, 3.0, 0.0]]), near=1.0, far=3.0).astype(int)
    brightness = colors.sum(-1)[0]
    assert brightness[0] > brightness[1] > brightness[2]
    assert tuple(colors[0, 3]) == MISSING


def test_range_ignores_missing_depth():
    assert depth_range(clip(np.full((4, 4), 2.0))) == (2.0, 2.1)
    depth = np.linspace(1, 3, 201).reshape(3, 67)
    near, far = depth_range(clip(np.where(depth > 2.9, 0, depth)))
    assert 1.0 < near < 1.1
    assert 2.8 < far < 2.9
    assert depth_range(clip(depth, valid=False)) == (0.0, 0.1)


def test_painter_uses_one_range():
    painter = DepthPainter(clip(np.linspace(1, 3, 400).reshape(20, 20)), Canvas((20, 20)))
    (cell,) = painter.draw(clip(np.full((20, 20), 3.0)), None)
    assert cell.shape == (20, 20, 3)
    assert cell.dtype == np.uint8
    legend = painter.legend(44)
    assert legend.shape == (44, 11, 3)
    assert legend[0].sum() > legend[-1].sum()
    assert painter.legend_note == "1.0 – 3.0 m"
