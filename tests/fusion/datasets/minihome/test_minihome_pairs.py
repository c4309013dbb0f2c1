"""Inside a pair nothing differs but the one thing that the table names."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fusion.datasets.minihome import CLASSES, PAIRS, SUBJECTS, Clip, Performance, perform
from fusion.datasets.minihome.body import JOINTS
from fusion.datasets.minihome.people import make_person
from fusion.datasets.minihome.render import Shape, draw_frames
from fusion.datasets.minihome.sensor import hidden_joints
from modalities.video import read_frames, write_video

WRISTS = [JOINTS.index("left_wrist"), JOINTS.index("right_wrist")]
SHOULDERS = [JOINTS.index("left_shoulder"), JOINTS.index("right_shoulder")]


def both(name: str, repetition: int = 1) -> tuple[Performance, Performance]:
    """One performance as each class of the pair."""
    number = next(number for number, pair in enumerate(PAIRS) if pair.name == name)
    first, second = (perform(Clip(5, 2 * number + label, "s03", repetition)) for label in (0, 1))
    return first, second


def luma(frames: np.ndarray) -> np.ndarray:
    """What a flow estimator on grey pictures sees, int ``[T, H, W]``."""
    return np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]).astype(int)


def test_table_is_complete() -> None:
    assert len(CLASSES) == len(set(CLASSES)) == 16
    for difference, blind in (("surface", ["flow", "skeleton"]), ("still", ["skeleton"]), ("depth", ["rgb", "flow"])):
        pairs = [pair for pair in PAIRS if pair.difference == difference]
        assert len(pairs) == 2
        for pair in pairs:
            assert [modality for modality, sight in pair.sees.items() if sight == "blind"] == blind


@pytest.mark.parametrize("name", ["drink", "look"])
def test_surface_changes_neither_luma_nor_joints(name: str, tmp_path: Path) -> None:
    first, second = both(name)
    np.testing.assert_array_equal(first.joints, second.joints)
    drawn = [draw_frames(performance.scene) for performance in (first, second)]
    held = np.abs(drawn[0].astype(int) - drawn[1]).max(-1) > 60  # where the colour differs [T, H, W]
    assert held.sum(axis=(1, 2)).min() > 60  # the held thing is big enough to be seen in every frame
    assert np.abs(luma(drawn[0]) - luma(drawn[1])).max() <= 2  # rounding of three channels
    decoded = []
    for number, frames in enumerate(drawn):
        write_video(tmp_path / f"{number}.mp4", frames, fps=15.0)
        decoded.append(luma(read_frames(tmp_path / f"{number}.mp4", range(30))))
    difference = decoded[0] - decoded[1]  # the codec rounds luma and chroma blocks together
    assert np.abs(difference).mean() < 0.5
    assert abs(difference[held].mean()) < 1.0


@pytest.mark.parametrize("name", ["keyboard", "pot"])
def test_still_changes_no_joint_but_moves_the_hand(name: str) -> None:
    first, second = both(name)
    np.testing.assert_array_equal(first.joints, second.joints)
    travelled = []
    for performance in (first, second):
        shapes = [thing for thing in performance.scene.things if isinstance(thing, Shape)]
        hands = [next(shape for shape in shapes if shape.part == f"{side}_hand") for side in ("left", "right")]
        relative = np.stack([hand.end - hand.start for hand in hands])  # tip from wrist [2, T, 2]
        travelled.append(np.ptp(relative, axis=1).max())
    assert travelled[0] > 3.0  # pixels from one side to the other
    assert travelled[1] < 0.5


@pytest.mark.parametrize("name", ["drink", "look", "keyboard", "pot"])
def test_no_joint_is_hidden_in_one_class_alone(name: str) -> None:
    for repetition in range(1, 9):
        first, second = (hidden_joints(p.scene, p.pixels) for p in both(name, repetition))
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", ["hand", "door"])
def test_depth_changes_no_pixel(name: str) -> None:
    first, second = both(name)
    np.testing.assert_array_equal(draw_frames(first.scene), draw_frames(second.scene))
    np.testing.assert_array_equal(first.pixels, second.pixels)
    np.testing.assert_allclose(second.camera.project(second.joints), second.pixels, atol=1e-9)
    ours, theirs = (p.joints[:, WRISTS, 2] - p.joints[:, SHOULDERS, 2] for p in (first, second))
    np.testing.assert_allclose(ours, -theirs, atol=1e-9)
    assert -ours.min() > 0.25  # metres towards the camera, ten times the sensor's noise


@pytest.mark.parametrize("name", ["chair", "hat"])
def test_reversed_is_the_same_backwards(name: str) -> None:
    first, second = both(name)
    np.testing.assert_array_equal(first.joints, second.joints[::-1])
    np.testing.assert_array_equal(draw_frames(first.scene), draw_frames(second.scene)[::-1])


def test_noise_is_each_clips_own() -> None:
    first, second = Clip(5, 8, "s03", 1), Clip(5, 9, "s03", 1)
    assert first.rng("room").random() == second.rng("room").random()
    assert first.own_rng("sensor").random() != second.own_rng("sensor").random()


@pytest.mark.parametrize("name", ["height", "build", "tempo", "trunk"])
def test_people_are_exchangeable(name: str) -> None:
    values = np.array([[getattr(make_person(seed, subject), name) for subject in SUBJECTS] for seed in range(60)])
    assert values.std(axis=1).min() > 0  # they differ
    number = np.arange(len(SUBJECTS))
    slopes = [np.corrcoef(number, row)[0, 1] for row in values]
    assert abs(np.mean(slopes)) < 4 / np.sqrt(60 * len(SUBJECTS))


def test_every_pair_has_the_same_cameras() -> None:
    for label in range(0, len(CLASSES), 2):
        for subject in SUBJECTS:
            names = [Clip(0, label, subject, repetition).camera.name for repetition in (1, 2, 3)]
            assert sorted(names) == ["c1", "c2", "c3"]
            assert names == [Clip(0, label + 1, subject, repetition).camera.name for repetition in (1, 2, 3)]
