import pytest

from modalities.skeleton.body_parts import body_parts
from modalities.skeleton.layouts import LAYOUTS, get_layout


def names(layout: str) -> list[set[str]]:
    return [{get_layout(layout).joints[joint] for joint in part} for part in body_parts(get_layout(layout))]


def test_by_hand() -> None:
    assert names("minihome16") == [
        {"pelvis", "spine", "neck", "head"},
        {"left_shoulder", "left_elbow", "left_wrist"},
        {"right_shoulder", "right_elbow", "right_wrist"},
        {"left_hip", "left_knee", "left_ankle"},
        {"right_hip", "right_knee", "right_ankle"},
    ]
    assert names("coco17")[0] == {"nose", "left_eye", "right_eye", "left_ear", "right_ear"}
    assert {"left_hand_tip", "left_thumb"} < names("ntu25")[1]


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_joint_is_in_one_part_and_limbs_mirror(name: str) -> None:
    layout = get_layout(name)
    parts = body_parts(layout)
    assert sorted(joint for part in parts for joint in part) == list(range(layout.num_joints))
    for left, right in ((1, 2), (3, 4)):
        assert {layout.mirror_index[joint] for joint in parts[left]} == set(parts[right])
