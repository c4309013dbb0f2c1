import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import LAYOUTS, get_layout
from triad.modalities.skeleton.body_parts import EXTREMITIES, body_parts, extremity_joint
from triad.modalities.skeleton.layouts import Layout


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


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_layout_has_extremities(name: str) -> None:
    layout = get_layout(name)
    assert len({extremity_joint(layout, extremity) for extremity in EXTREMITIES}) == 5


def test_extremities_of_ntu() -> None:
    """The joints whose pictures MMNet reads."""
    assert [extremity_joint(get_layout("ntu25"), extremity) for extremity in EXTREMITIES] == [3, 11, 7, 18, 14]


def test_missing_extremity_is_refused() -> None:
    layout = Layout("worm", ("front", "back"), (-1, 0), (), ((0,), (1,)), 2)
    with pytest.raises(InputError, match="joints of layout 'worm' must hold one of head, nose, face, got front, back"):
        extremity_joint(layout, "head")
