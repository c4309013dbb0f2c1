import pytest

from modalities.skeleton import LAYOUTS, get_layout
from modalities.skeleton.body_parts import body_parts


def joint_names(name: str) -> list[set[str]]:
    layout = get_layout(name)
    return [{layout.joints[joint] for joint in group} for group in body_parts(layout)]


def test_body_parts_by_hand() -> None:
    assert joint_names("minihome16") == [
        {"pelvis", "spine", "neck", "head"},
        {"left_shoulder", "left_elbow", "left_wrist"},
        {"right_shoulder", "right_elbow", "right_wrist"},
        {"left_hip", "left_knee", "left_ankle"},
        {"right_hip", "right_knee", "right_ankle"},
    ]
    assert joint_names("coco17")[0] == {"nose", "left_eye", "right_eye", "left_ear", "right_ear"}
    assert {"left_hand_tip", "left_thumb"} < joint_names("ntu25")[1]


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_joint_is_in_one_part(name: str) -> None:
    layout = get_layout(name)
    assert sorted(joint for group in body_parts(layout) for joint in group) == list(range(layout.num_joints))


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_limbs_mirror_each_other(name: str) -> None:
    layout = get_layout(name)
    groups = body_parts(layout)
    for left, right in ((1, 2), (3, 4)):
        assert {layout.mirror_index[joint] for joint in groups[left]} == set(groups[right])
