from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.rendering.relevance import draw_relevance, relevance_colors
from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout

LAYOUT = get_layout("minihome16")


def lightness(colors: np.ndarray) -> np.ndarray:
    return colors.astype(float) @ [0.2126, 0.7152, 0.0722]


def test_colors_are_ordered_by_lightness() -> None:
    sequential = lightness(relevance_colors(np.linspace(0, 1, 9), 1, signed=False))
    assert (np.diff(sequential) < 0).all()
    diverging = lightness(relevance_colors(np.linspace(-1, 1, 9), 1, signed=True))
    assert (np.diff(diverging[:5]) > 0).all()
    assert (np.diff(diverging[4:]) < 0).all()


def test_negative_is_blue_and_positive_red() -> None:
    negative, neutral, positive = relevance_colors(np.array([-2.0, 0.0, 2.0]), 2, signed=True).astype(int)
    assert negative[2] > negative[0] + 100
    assert positive[0] > positive[2] + 100
    assert np.ptp(neutral) < 5
    assert (relevance_colors(np.zeros((2, 3)), 0, signed=True) == neutral).all()  # no relevance at all


def draw(values: dict[int, float], scores: np.ndarray | None = None) -> np.ndarray:
    """Joints along the diagonal of an empty picture of 240 pixels, 14 apart."""
    pixels = 12 + 14 * np.arange(16)[:, None].repeat(2, axis=1).astype(np.float32)
    array = np.zeros(16)
    array[list(values)] = list(values.values())
    scores = np.ones(16) if scores is None else scores
    return draw_relevance(np.full((240, 240, 3), 246, np.uint8), pixels, scores, LAYOUT, values=array, limit=1.0)


def test_relevant_joints_are_larger_and_colored() -> None:
    picture = draw({3: 1.0, 10: -1.0, 14: 0.25}).astype(int)
    red = picture[..., 0] - picture[..., 2]
    centers = 12 + 14 * np.array([3, 10, 14])
    assert red[centers[0], centers[0]] > 100
    assert red[centers[1], centers[1]] < -100
    strong, weak = ((red[c - 12 : c + 12, c - 12 : c + 12] > 30).sum() for c in centers[[0, 2]])
    assert strong / weak == pytest.approx((10 / 6) ** 2, rel=0.15)  # radii 2 + 8√1 and 2 + 8√¼
    assert np.ptp(picture[12 + 14 * 6, 12 + 14 * 6]) < 5


def test_missing_joints_are_left_out() -> None:
    scores = np.ones(16)
    scores[3] = 0
    picture = draw({3: 1.0}, scores).astype(int)
    assert (picture[..., 0] - picture[..., 2] <= 3).all()
    with pytest.raises(InputError, match=r"^relevance of layout 'minihome16' must have shape \[V=16\], got \[15\]$"):
        draw_relevance(picture, np.zeros((16, 2)), scores, LAYOUT, values=np.zeros(15), limit=1.0)
