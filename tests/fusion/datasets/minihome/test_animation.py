"""People are placed in front of the camera, and arms are mirrored along its rays."""

import numpy as np

from triad.fusion.datasets.minihome.animation import mirror_depth, place_person
from triad.fusion.datasets.minihome.body import POINTS
from triad.fusion.datasets.minihome.clip_spec import ClipSpec


def test_mirrored_depth_keeps_pixels() -> None:
    points = np.full((1, len(POINTS), 3), [0.3, 0.2, 3.0])
    points[0, POINTS["left_wrist"]] = [0.4, 0.6, 2.0]
    mirrored = mirror_depth(points)
    np.testing.assert_allclose(mirrored[0, POINTS["left_wrist"]], [0.8, 1.2, 4.0])  # 1 m behind the shoulder
    np.testing.assert_array_equal(mirrored[0, POINTS["left_knee"]], points[0, POINTS["left_knee"]])


def test_yaw_lies_in_range_of_pair() -> None:
    for label, low, high in ((0, 0, 22), (4, 40, 60), (6, 25, 50)):
        for repetition in range(1, 30):
            placement = place_person(ClipSpec(0, label, "s01", repetition))
            assert low <= abs(np.degrees(placement.yaw)) <= high
            np.testing.assert_allclose(np.linalg.norm(placement.toward), 1.0)
            assert placement.toward[1] == 0.0
