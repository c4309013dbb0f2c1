"""The figure is painted from the far side to the near side."""

import numpy as np
import pytest

from triad.fusion.datasets.minihome.body import POINTS
from triad.fusion.datasets.minihome.figure import build_figure
from triad.fusion.datasets.minihome.people import choose_clothes, make_person


@pytest.mark.parametrize(("yaw", "far", "near"), [(0.3, "left", "right"), (-0.3, "right", "left")])
def test_far_limbs_come_first(yaw: float, far: str, near: str) -> None:
    pixels = np.random.default_rng(0).uniform(20, 100, (2, len(POINTS), 2))
    clothes = choose_clothes(np.random.default_rng(0))
    figure = build_figure(make_person(0, "s01"), clothes, pixels, scale=60.0, yaw=yaw)
    body = list(dict.fromkeys(shape.component for shape in figure.body))
    order = [f"{far}_thigh", f"{far}_upper_arm", f"{near}_thigh", "torso", "neck", f"{near}_upper_arm"]
    assert [component for component in body if component in order] == order
    for shapes, limb in ((figure.forearms, "forearm"), (figure.hands, "hand")):
        assert list(dict.fromkeys(shape.component for shape in shapes)) == [f"{far}_{limb}", f"{near}_{limb}"]
