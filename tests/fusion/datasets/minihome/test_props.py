"""Pairs that differ in surface hold twins; the other pairs hold equal objects or nothing."""

import numpy as np
import pytest

from triad.fusion.datasets.minihome import PAIRS, ClipSpec
from triad.fusion.datasets.minihome.props import make_prop

SEGMENT = np.array([[80.0, 90.0]]), np.array([[80.0, 60.0]])


@pytest.mark.parametrize("index", range(len(PAIRS)))
def test_props_differ_in_surface_pairs_only(index: int) -> None:
    props = [make_prop(ClipSpec(0, 2 * index + second, "s01", 1), *SEGMENT, scale=70.0, yaw=0.1) for second in (0, 1)]
    colors = [[shape.color for shape in prop] for prop in props]
    assert (colors[0] != colors[1]) == (PAIRS[index].difference == "surface")
    assert bool(colors[0]) == (PAIRS[index].name in ("drink", "look", "pot", "hat"))
