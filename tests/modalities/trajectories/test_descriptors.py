from __future__ import annotations

import numpy as np

from triad.modalities.trajectories import describe_clip
from triad.modalities.trajectories.descriptors import orientation_histogram
from triad.modalities.trajectories.tracking import Trajectories


def describe(velocity: tuple[float, float] = (2.0, 0.0), length: int = 6) -> tuple[Trajectories, dict[str, np.ndarray]]:
    texture = np.random.default_rng(0).integers(0, 255, (64, 80), np.uint8)
    fields = np.broadcast_to(np.float32(velocity), (7, 64, 80, 2)).copy()
    return describe_clip(np.stack([texture] * 8), fields, length=length)


def test_orientation_is_divided_between_bins():
    histogram = orientation_histogram(np.float32([[2.0, 0.0, 1.0]]), np.float32([[0.0, 3.0, 0.0]]))
    np.testing.assert_allclose(histogram[0, 0], [2, 0, 0, 0, 0, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(histogram[0, 1], [0, 0, 3, 0, 0, 0, 0, 0], atol=1e-6)
    angle = np.deg2rad(45 + 11.25)  # a quarter of the way from bin 1 to bin 2
    histogram = orientation_histogram(np.float32([[np.cos(angle)]]), np.float32([[np.sin(angle)]]))
    np.testing.assert_allclose(histogram[0, 0], [0, 0.75, 0.25, 0, 0, 0, 0, 0], atol=1e-5)


def test_descriptors_have_the_published_lengths():
    trajectories, descriptors = describe()
    sizes = {name: values.shape for name, values in descriptors.items()}
    count = len(trajectories.points)
    expected = {"trajectory": 12, "hog": 96, "hof": 108, "mbhx": 96, "mbhy": 96}
    assert sizes == {name: (count, size) for name, size in expected.items()}


def test_constant_flow_has_no_motion_boundary():
    _, descriptors = describe()
    assert np.abs(descriptors["mbhx"]).max() == 0
    assert np.abs(descriptors["mbhy"]).max() == 0


def test_constant_flow_fills_one_bin():
    _, descriptors = describe(velocity=(0.0, 2.0))  # downwards, bin 2
    hof = descriptors["hof"].reshape(-1, 12, 9)
    np.testing.assert_allclose(hof[..., 2], np.sqrt(1 / 12), atol=1e-5)
    assert np.abs(np.delete(hof, 2, axis=2)).max() < 1e-5


def test_trajectory_is_relative_to_its_length():
    _, descriptors = describe(velocity=(2.0, 0.0), length=4)
    np.testing.assert_allclose(descriptors["trajectory"], np.broadcast_to([0.25, 0] * 4, (len(descriptors["hog"]), 8)))


def test_clip_without_motion_has_no_descriptors():
    _, descriptors = describe(velocity=(0.0, 0.0))
    assert {values.shape[0] for values in descriptors.values()} == {0}
