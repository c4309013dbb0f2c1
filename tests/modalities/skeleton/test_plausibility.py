import numpy as np
import pytest

from triad.modalities.skeleton import Plausibility, Poses, get_layout

STANDING = {"head": 0.0, "spine_shoulder": 0.3, "spine_base": 0.8, "ankle": 1.6}


def person(layout: str = "ntu25", *, scale: float = 1.0, order: tuple[int, ...] = (0, 1, 2)) -> Poses:
    """Return somebody who stands three metres away, x right, y down, z away."""
    joints = get_layout(layout).joints
    points = np.zeros((1, 4, len(joints), 3), np.float32)
    for index, name in enumerate(joints):
        side = 0.2 if name.startswith("right") else -0.2 if name.startswith("left") else 0
        height = next((value for key, value in STANDING.items() if key in name), 0.6)
        points[:, :, index] = [side, height - 0.5, 3]
    points = np.ascontiguousarray(points[..., list(order)] * np.float32(scale))
    return Poses(points[..., : get_layout(layout).dims], np.ones(points.shape[:3], np.float32), layout)


def warnings(*clips: Poses, size: tuple[int, int] | None = None) -> list[str]:
    plausibility = Plausibility()
    for clip in clips:
        plausibility.add(clip, size)
    return plausibility.warnings()


def test_standing_person_is_plausible() -> None:
    assert warnings(person()) == []
    assert warnings(person("openpose25", scale=100), size=(480, 640)) == []


@pytest.mark.parametrize(
    ("clip", "message"),
    [
        (person(scale=1000), "joints of 1 of 1 clips look like millimetres: set unit to mm"),
        (person(scale=100), "look like centimetres: set unit to cm"),
        (person(scale=0.01), "are of bodies smaller than 10 cm: set unit"),
        (person(scale=8), "are of bodies larger than 5 m"),
        (person("openpose25", scale=0.5), "look like fractions of the frame: set unit to fraction"),
        (person("openpose25", scale=9000), "lie outside of their frames: give the size"),
        (person(order=(0, 2, 1)), "are of bodies that lie along z: set axes, such as 'x -z y'"),
        (person(order=(1, 0, 2)), "are of bodies that lie along x: set axes, such as 'y x z'"),
    ],
)
def test_oddity_is_one_line_with_cure(clip: Poses, message: str) -> None:
    (line,) = warnings(clip, size=(480, 640) if get_layout(clip.layout).dims == 2 else None)
    assert message in line


def test_feet_above_head_are_told() -> None:
    clip = person()
    upside_down = Poses(clip.keypoints * np.array([1, -1, 1], np.float32), clip.scores, clip.layout)
    assert "y points up; set axes, such as 'x -y z'" in warnings(upside_down)[0]
    assert warnings(upside_down, clip, clip) == []


def test_degenerate_joints_are_not_judged() -> None:
    ones = np.ones((1, 2, 25, 3), np.float32)
    assert warnings(Poses(ones, ones[..., 0], "ntu25")) == []
    assert warnings(Poses(ones, ones[..., 0] * 0, "ntu25")) == []
