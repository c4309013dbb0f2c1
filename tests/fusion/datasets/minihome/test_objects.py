"""Twin objects differ in hue and in nothing else."""

import numpy as np
import pytest

from triad.fusion.datasets.minihome.objects import board, random_surface, vessel

START = np.array([[10.0, 40.0]])
END = np.array([[10.0, 20.0]])


@pytest.mark.parametrize("make_object", [vessel, board])
def test_twins_share_outline_and_luma(make_object) -> None:
    warm, cool = (random_surface(np.random.default_rng(0), cool=cool) for cool in (False, True))
    np.testing.assert_allclose(np.hypot(*warm), np.hypot(*cool))
    first, second = (make_object(START, END, 80.0, tint, 120.0) for tint in (warm, cool))
    for warm_shape, cool_shape in zip(first, second, strict=True):
        np.testing.assert_array_equal(warm_shape.outline, cool_shape.outline)
        luma, other_luma = (np.dot(shape.color, (0.299, 0.587, 0.114)) for shape in (warm_shape, cool_shape))
        assert abs(luma - other_luma) < 1.0
    assert first[1].color != second[1].color
