"""The classes of a pair differ in nothing but the difference that the pair table names."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from triad.fusion.datasets.minihome import PAIRS, ClipSpec, Performance, draw_frames, perform
from triad.fusion.datasets.minihome.body import JOINTS
from triad.fusion.datasets.minihome.sensor import hidden_joints
from triad.fusion.datasets.minihome.shapes import Shape
from triad.modalities.video import read_frames, write_video

WRISTS = [JOINTS.index("left_wrist"), JOINTS.index("right_wrist")]
SHOULDERS = [JOINTS.index("left_shoulder"), JOINTS.index("right_shoulder")]


def perform_pair(name: str, repetition: int = 1) -> tuple[Performance, Performance]:
    """Return one performance as each class of the pair."""
    index = next(index for index, pair in enumerate(PAIRS) if pair.name == name)
    first, second = (perform(ClipSpec(5, 2 * index + label, "s03", repetition)) for label in (0, 1))
    return first, second


def luma(frames: np.ndarray) -> np.ndarray:
    """Return the frames as a flow estimator on grey images reads them, int ``[T, H, W]``."""
    return np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]).astype(int)


@pytest.mark.parametrize("name", ["drink", "look"])
def test_surface_changes_neither_luma_nor_joints(name: str, tmp_path: Path) -> None:
    first, second = perform_pair(name)
    np.testing.assert_array_equal(first.joints, second.joints)
    rendered = [draw_frames(performance.scene) for performance in (first, second)]
    on_object = np.abs(rendered[0].astype(int) - rendered[1]).max(-1) > 60  # pixels of other colour [T, H, W]
    assert on_object.sum(axis=(1, 2)).min() > 60  # the held object is large enough in every frame
    assert np.abs(luma(rendered[0]) - luma(rendered[1])).max() <= 2  # rounding of three channels
    decoded = []
    for number, frames in enumerate(rendered):
        write_video(tmp_path / f"{number}.mp4", frames, fps=15.0)
        decoded.append(luma(read_frames(tmp_path / f"{number}.mp4", range(30))))
    difference = decoded[0] - decoded[1]  # the codec rounds luma and chroma blocks together
    assert np.abs(difference).mean() < 0.5
    assert abs(difference[on_object].mean()) < 1.0


@pytest.mark.parametrize("name", ["keyboard", "pot"])
def test_still_changes_hand_but_no_joint(name: str) -> None:
    first, second = perform_pair(name)
    np.testing.assert_array_equal(first.joints, second.joints)
    tip_ranges = []
    for performance in (first, second):
        shapes = [layer for layer in performance.scene.layers if isinstance(layer, Shape)]
        hands = [next(shape for shape in shapes if shape.component == f"{side}_hand") for side in ("left", "right")]
        relative = np.stack([hand.end - hand.start for hand in hands])  # tip from wrist [2, T, 2]
        tip_ranges.append(np.ptp(relative, axis=1).max())
    assert tip_ranges[0] > 3.0  # pixels from one side to the other
    assert tip_ranges[1] < 0.5


@pytest.mark.parametrize("name", ["drink", "look", "keyboard", "pot"])
def test_hidden_joints_are_equal_in_pair(name: str) -> None:
    for repetition in range(1, 9):
        first, second = (hidden_joints(p.scene, p.pixels) for p in perform_pair(name, repetition))
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", ["hand", "door"])
def test_depth_changes_no_pixel(name: str) -> None:
    first, second = perform_pair(name)
    np.testing.assert_array_equal(draw_frames(first.scene), draw_frames(second.scene))
    np.testing.assert_array_equal(first.pixels, second.pixels)
    np.testing.assert_allclose(second.camera.project(second.joints), second.pixels, atol=1e-9)
    first_depth, second_depth = (p.joints[:, WRISTS, 2] - p.joints[:, SHOULDERS, 2] for p in (first, second))
    np.testing.assert_allclose(first_depth, -second_depth, atol=1e-9)
    assert -first_depth.min() > 0.25  # metres towards the camera, ten times the sensor's noise


@pytest.mark.parametrize("name", ["chair", "hat"])
def test_reversed_is_first_class_backwards(name: str) -> None:
    first, second = perform_pair(name)
    np.testing.assert_array_equal(first.joints, second.joints[::-1])
    np.testing.assert_array_equal(draw_frames(first.scene), draw_frames(second.scene)[::-1])
